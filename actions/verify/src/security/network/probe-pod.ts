import type { Pod } from '@alt-las/kubernetes'
import { probeLabel } from '../../workloads.ts'

export interface ProbeOrder {
  readonly name: string
  readonly namespace: string
  readonly image: string
  /** The labels of the workload that the probe stands for; empty for a pod without any workload's labels. */
  readonly labels: Readonly<Record<string, string>>
  /** Of node; it gets the attempts as JSON, and the path of the termination message. */
  readonly script: string
  readonly attempts: readonly object[]
}

const deadlineSeconds = 90

/**
 * A pod that passes the restricted Pod Security level and runs a script. It carries a workload's labels but never serves requests:
 * its readiness gate is never fulfilled, so no Service sends to it, and it has no pod-template-hash, so no ReplicaSet adopts it.
 */
export function probePod({ name, namespace, image, labels, script, attempts }: ProbeOrder): Pod {
  const identity = Object.entries(labels).filter(([key]) => key !== 'pod-template-hash')
  const spec = {
    restartPolicy: 'Never',
    activeDeadlineSeconds: deadlineSeconds,
    terminationGracePeriodSeconds: 1,
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    readinessGates: [{ conditionType: probeLabel }],
    securityContext: { runAsNonRoot: true, runAsUser: 65532, seccompProfile: { type: 'RuntimeDefault' } },
    containers: [
      {
        name: 'probe',
        image,
        // The image's entry point is node, or passes arguments that begin with a dash to node.
        args: ['-e', script, '--', JSON.stringify(attempts), '/dev/termination-log'],
        terminationMessagePolicy: 'FallbackToLogsOnError',
        securityContext: {
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ['ALL'] },
        },
        resources: { requests: { cpu: '10m', memory: '32Mi' }, limits: { cpu: '500m', memory: '128Mi' } },
      },
    ],
  }
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace, labels: { ...Object.fromEntries(identity), [probeLabel]: 'true' } },
    spec,
  }
}
