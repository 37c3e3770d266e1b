import type { ClusterReader, Deployment } from '@alt-las/kubernetes'
import { canaryName } from '@alt-las/routers'
import { observeConfigs, observeFormer, staleConfigs } from '../configs/configs.ts'
import type { ClusterObservation } from '../model/observation.ts'
import { type ConfigVersion, type Plan, workloadAt } from '../model/plan.ts'
import type { Rollout } from '../model/rollout.ts'
import { remember } from '../state/releases.ts'
import { findStates } from '../state/states.ts'
import { factsOf } from '../strategies/phases.ts'

type ObservedConfigs = Pick<ClusterObservation, 'configs' | 'former' | 'staleConfigs'>

/** Facts about the configuration, read only in the phases that need them. */
export async function observeConfigsOf(
  rollout: Rollout,
  live: Deployment | null,
  cluster: ClusterReader,
): Promise<ObservedConfigs> {
  const { plan, phase } = rollout
  const begins = factsOf(phase).configs === 'at-begin'
  const needed = factsOf(phase).configs !== 'never'
  const [configs, former, stale] = await Promise.all([
    needed ? observeConfigs(plan, cluster) : ('none' as const),
    begins ? observeFormer(plan, live, cluster) : { configs: [], kept: true },
    needed ? stalest(rollout, cluster) : [],
  ])
  return { configs, former, staleConfigs: stale.length > 0 }
}

/** While the plan may still be promoted its versions are needed; versions named by a workload are always needed. */
export async function stalest(rollout: Rollout, cluster: ClusterReader) {
  const { plan, phase, releases } = rollout
  const kept = phase.kind === 'revert' ? releases : remember(releases, plan, 0)
  const needed = kept.list.flatMap((one): readonly ConfigVersion[] => one.configs ?? [])
  const kinds = [...needed, ...plan.configs].map(({ kind }) => kind)
  if (kinds.length === 0) return []
  const live = await Promise.all([
    cluster.get<Deployment>(workloadAt(plan)),
    cluster.get<Deployment>(canaryAt(plan)),
  ])
  const stale = await staleConfigs(plan, { needed, kinds, live: live.filter((one) => one !== null) }, cluster)
  const others = stale.length === 0 ? new Set<string>() : await neededByOthers(plan, cluster)
  return others === null ? [] : stale.filter(({ kind, metadata }) => !others.has(`${kind} ${metadata.name}`))
}

/** Copies with the same content are one object, whichever targets have it; null where a state cannot be read: then each may be needed. */
async function neededByOthers(
  { namespace, deployment }: Plan,
  cluster: ClusterReader,
): Promise<ReadonlySet<string> | null> {
  const { states, unreadable } = await findStates({ namespace, deployment: null }, cluster)
  if (unreadable.some((one) => one.deployment !== deployment)) return null
  const others = states.filter(({ plan }) => plan.deployment !== deployment)
  const configs = others.flatMap(({ plan, releases }) => [
    ...plan.configs,
    ...releases.list.flatMap((one): readonly ConfigVersion[] => one.configs ?? []),
  ])
  return new Set(configs.map(({ kind, versioned }) => `${kind} ${versioned}`))
}

const canaryAt = ({ namespace, deployment }: Plan) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  namespace,
  name: canaryName(deployment),
})
