import type { Cluster, Pod, Service, StatefulSet } from '@alt-las/kubernetes'
import { manager } from '../model/names.ts'
import type { Plan } from '../model/plan.ts'
import type { Rollout } from '../model/rollout.ts'
import { smokePodName } from '../observe/observe-smoke-pod.ts'

/** On the pod: the workload that it is tested for. */
const smokeLabel = 'alt-las.dev/smoke'

/** After this time the kubelet ends a pod that no run has removed, in seconds. */
const mostSeconds = 3600
/** Nobody uses it: it has this long to end, in seconds. */
const graceSeconds = 5

/** Starts one pod of the new template beside the workload. Nothing selects it, so it gets no user, and no controller adopts it. */
export async function startSmokePod(
  rollout: Rollout,
  cluster: Pick<Cluster, 'list' | 'apply'>,
): Promise<void> {
  const { plan } = rollout
  const services = await cluster.list<Service>({
    apiVersion: 'v1',
    kind: 'Service',
    namespace: plan.namespace,
  })
  await cluster.apply(smokePod(plan, smokePodName(rollout), services), manager)
}

/** A claim of a StatefulSet belongs to one of its own pods: this one gets an empty directory instead. */
export function smokePod(
  { desired, namespace, deployment }: Plan,
  name: string,
  services: readonly Service[],
): Pod {
  const { template, selector } = desired.spec
  const { volumeClaimTemplates = [] } = desired.spec as unknown as ClaimTemplates
  const { metadata = {}, spec } = template
  const claimed = volumeClaimTemplates.map(({ metadata: { name: volume } }) => ({
    name: volume,
    emptyDir: {},
  }))
  const { annotations } = metadata
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      namespace,
      labels: {
        ...unselected(metadata.labels ?? {}, selector, services),
        'app.kubernetes.io/managed-by': manager,
        [smokeLabel]: deployment.slice(0, 63).replace(/[-.]+$/, ''),
      },
      ...(annotations === undefined ? {} : { annotations }),
    },
    spec: {
      ...spec,
      ...(claimed.length === 0 ? {} : { volumes: [...(spec.volumes ?? []), ...claimed] }),
      restartPolicy: 'Always',
      activeDeadlineSeconds: mostSeconds,
      terminationGracePeriodSeconds: graceSeconds,
    },
  }
}

interface ClaimTemplates extends Partial<StatefulSet['spec']> {
  readonly volumeClaimTemplates?: readonly { readonly metadata: { readonly name: string } }[]
}

type Labels = Readonly<Record<string, string>>

/**
 * Without every label by which the workload, or a Service that would take these pods in, selects. A selector asks for all of its labels,
 * so that none of them takes in what is left.
 */
export function unselected(
  labels: Labels,
  { matchLabels = {}, matchExpressions = [] }: Plan['desired']['spec']['selector'],
  services: readonly Pick<Service, 'spec'>[],
): Labels {
  const taking = services
    .map(({ spec }) => spec.selector ?? {})
    .filter((selector) => Object.entries(selector).every(([key, value]) => labels[key] === value))
  const selecting = new Set([
    ...Object.keys(matchLabels),
    ...matchExpressions.map(({ key }) => key),
    ...taking.flatMap(Object.keys),
  ])
  return Object.fromEntries(
    Object.entries(labels).filter(([key]) => !selecting.has(key) && key !== 'app.kubernetes.io/managed-by'),
  )
}
