import type { At, Cluster } from '@alt-las/kubernetes'
import { canaryName, routerFor } from '@alt-las/routers'
import type { Baseline, Rollout } from '../model/rollout.ts'
import { observeAutoscaler } from './observe-autoscaler.ts'
import { strategyOf } from '../strategies/strategies.ts'

/** Every object that decides where traffic goes and that a run of this rollout may write: these carry its fencing token. */
export async function writtenObjects(
  { plan, baseline }: Pick<Rollout, 'plan'> & { readonly baseline: Pick<Baseline, 'hash'> },
  cluster: Cluster,
): Promise<readonly At[]> {
  const { namespace, service, canaryService, deployment, workload } = plan
  const at = (apiVersion: string, kind: string) => (name: string) => ({ apiVersion, kind, namespace, name })
  const [retreat, autoscaler] = await Promise.all([
    routerFor(plan.router, cluster).resetPatches(plan, baseline.hash),
    observeAutoscaler(plan, cluster),
  ])
  const second = !strategyOf(plan).hasSecondVersion ? [] : [canaryName(deployment)]
  return [
    ...[deployment].map(at('apps/v1', workload)),
    ...second.map(at('apps/v1', workload)),
    ...[service, canaryService].filter((name) => name !== '').map(at('v1', 'Service')),
    ...retreat.map((one) => one.at),
    ...(autoscaler === null ? [] : [autoscaler.name].map(at('autoscaling/v2', 'HorizontalPodAutoscaler'))),
  ].filter(
    (one, index, all) =>
      all.findIndex((other) => other.kind === one.kind && other.name === one.name) === index,
  )
}
