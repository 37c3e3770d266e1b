import type { Deployment } from '@alt-las/kubernetes'
import { canaryName } from '@alt-las/routers'
import { releaseAnnotation, rolloutAnnotation, trackLabel, versionAnnotation } from '../model/names.ts'
import type { Plan } from '../model/plan.ts'
import type { Rollout } from '../model/rollout.ts'

/**
 * The new version beside the old one: the user's Deployment under another name. Its pods keep the user's labels, so that network
 * policies and monitors still cover them, and get one more that separates the two Deployments' selectors.
 */
export function canaryDeployment(plan: Plan, replicas: number): Deployment {
  const { desired } = plan
  const { template } = desired.spec
  const track = { [trackLabel]: 'canary' }
  return {
    apiVersion: desired.apiVersion,
    kind: desired.kind,
    metadata: {
      name: canaryName(plan.deployment),
      namespace: plan.namespace,
      labels: { ...desired.metadata.labels, ...track },
      annotations: { [versionAnnotation]: plan.version, [releaseAnnotation]: plan.release },
    },
    spec: {
      ...desired.spec,
      replicas,
      selector: { ...desired.spec.selector, matchLabels: { ...desired.spec.selector.matchLabels, ...track } },
      template: {
        ...template,
        metadata: { ...template.metadata, labels: { ...template.metadata?.labels, ...track } },
      },
    },
  }
}

/** The workload under its own name, marked with its version, its release and the rollout that writes it. */
export function stableDeployment(rollout: Rollout, replicas: number | undefined): Deployment {
  const { plan } = rollout
  const { desired } = plan
  const annotations = {
    ...desired.metadata.annotations,
    [versionAnnotation]: plan.version,
    [releaseAnnotation]: plan.release,
    [rolloutAnnotation]: rollout.id,
  }
  return {
    ...desired,
    metadata: { ...desired.metadata, annotations },
    spec: { ...desired.spec, ...(replicas === undefined ? {} : { replicas }) },
  }
}
