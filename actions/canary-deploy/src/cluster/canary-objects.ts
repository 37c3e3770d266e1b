import { Failure } from '@alt-las/failure'
import type { Deployment, KubeObject, Service } from '@alt-las/kubernetes'
import {
  canaryName,
  podHash,
  releaseAnnotation,
  rolloutAnnotation,
  trackLabel,
  versionAnnotation,
} from '../names.ts'
import type { Plan } from '../plan/plan.ts'
import { idOf, type Rollout } from '../state/rollout.ts'

/**
 * The new version beside the old one: the user's own Deployment under another name. Its pods keep the user's labels, so that network
 * policies and monitors go on covering them, and get one more that keeps the two Deployments' selectors apart.
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
    [rolloutAnnotation]: idOf(rollout),
  }
  return {
    ...desired,
    metadata: { ...desired.metadata, annotations },
    spec: { ...desired.spec, ...(replicas === undefined ? {} : { replicas }) },
  }
}

/** A Service like stable's that selects the canary's pods only: of this very version once its hash is known. */
export function canaryService(plan: Plan, stable: Service, hash: string | null): Service {
  const { selector = {}, ports = [] } = stable.spec
  if (Object.keys(selector).length === 0)
    throw new Failure('bad-service', `Service ${plan.service} has no selector`, {
      fault: 'input',
      hint: 'a canary needs a Service that selects the pods of its Deployment',
    })
  const pin = hash === null ? {} : { [podHash]: hash }
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: {
      name: plan.canaryService,
      namespace: plan.namespace,
      labels: { ...stable.metadata.labels, [trackLabel]: 'canary' },
    },
    spec: {
      selector: { ...unpinned(selector), [trackLabel]: 'canary', ...pin },
      // Node ports and the like belong to one Service only.
      ports: ports.map(({ name, port, targetPort, protocol }) => ({
        port,
        ...(name === undefined ? {} : { name }),
        ...(targetPort === undefined ? {} : { targetPort }),
        ...(protocol === undefined ? {} : { protocol }),
      })),
    },
  }
}

/** A selector without the pin of a rollout. */
export function unpinned(selector: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(selector).filter(([key]) => key !== podHash))
}

/**
 * True where the live object has everything that is wanted, whatever else it has: nothing to apply. The API server leaves out empty
 * values, so these are there when nothing is.
 */
export function covers(live: unknown, wanted: unknown): boolean {
  if (live === undefined && isEmpty(wanted)) return true
  if (Array.isArray(wanted)) return Array.isArray(live) && coversList(live, wanted)
  if (typeof wanted !== 'object' || wanted === null) return live === wanted
  if (typeof live !== 'object' || live === null) return false
  return Object.entries(wanted).every(([key, value]) => covers((live as Record<string, unknown>)[key], value))
}

function isEmpty(value: unknown): boolean {
  if (typeof value === 'object' && value !== null) return Object.keys(value).length === 0
  return value === null || value === '' || value === 0 || value === false
}

function coversList(live: readonly unknown[], wanted: readonly unknown[]): boolean {
  return live.length === wanted.length && wanted.every((value, index) => covers(live[index], value))
}

/** `Deployment atlas-production/api-gateway`. */
export function title({ kind, metadata }: KubeObject): string {
  return `${kind} ${metadata.namespace === undefined ? '' : `${metadata.namespace}/`}${metadata.name}`
}
