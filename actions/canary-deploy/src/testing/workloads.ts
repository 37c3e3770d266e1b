import type { Deployment, KubeObject } from '@alt-las/kubernetes'
import type { WorkloadKind } from '@alt-las/rollout'
import type { Habits } from './scenario.ts'

/** Three nodes and a repository that holds one workload of this kind: no Service, no route, no metrics. */
export const workloadAlone = (kind: WorkloadKind, overrides: Partial<Deployment['spec']> = {}): Habits => ({
  objects: nodes,
  files: [workloadManifest(kind, overrides)],
  hasMetrics: false,
  defaults: true,
})

const nodes = ['a', 'b', 'c'].map((name): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name },
}))

/** A workload of three pods. */
export function workloadManifest(
  kind: WorkloadKind,
  overrides: Partial<Deployment['spec']> = {},
): Deployment {
  const labels = { app: 'web' }
  const containers = [{ name: 'web', image: 'ghcr.io/alt-las/web' }]
  return {
    apiVersion: 'apps/v1',
    kind,
    metadata: { name: 'web', namespace: 'shop', labels },
    spec: {
      ...(kind === 'DaemonSet' ? {} : { replicas: 3 }),
      ...(kind === 'StatefulSet' ? { serviceName: 'web' } : {}),
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers } },
      ...overrides,
    },
  }
}
