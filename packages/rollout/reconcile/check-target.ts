import { Failure } from '@alt-las/failure'
import type { Service } from '@alt-las/kubernetes'
import { checkRouter } from '@alt-las/routers'
import type { RolloutPorts } from '../model/ports.ts'
import type { Versions } from '../observe/workloads/observe-versions.ts'
import { strategyOf, versionNames } from '../strategies/strategies.ts'
import { checkRolling } from './check-rolling.ts'
import type { Work } from './work.ts'

/** Checks the requirements of the rollout before the first write. Throws Failure `bad-target` (fault input) with the remedy. */
export async function checkTarget(
  { plan, others }: Pick<Work, 'plan' | 'others'>,
  versions: Versions,
  { cluster, scrapes }: Pick<RolloutPorts, 'cluster' | 'scrapes'>,
): Promise<void> {
  const { namespace, service } = plan
  if (!strategyOf(plan).hasSecondVersion) return checkRolling(plan, others, cluster)
  const bad = (message: string, hint: string) => new Failure('bad-target', message, { fault: 'input', hint })
  const declared = others.some((one) => one.kind === 'Service' && one.metadata.name === service)
  const live = await cluster.get<Service>({ apiVersion: 'v1', kind: 'Service', namespace, name: service })
  if (live === null && !declared)
    throw bad(
      `there is no Service ${namespace}/${service}`,
      'add it to the manifests, or name it in `service`',
    )
  const serves = versions.stable !== null && versions.stable.ready > 0
  await checkRouter(plan, { declared: others, replicas: serves ? versions.stable.replicas : null, cluster })
  if (plan.kind === 'rollback' || !serves) return
  const reading = await scrapes.next(plan, null, { weight: 0, settledMs: 0 })
  if (reading.kind === 'blind' && reading.lasting)
    throw bad(
      `${versionNames(plan).fresh} could not be judged: ${reading.because}`,
      'nothing was changed; check metrics-url',
    )
  const elsewhere = (await scrapes.elsewhere?.(plan)) ?? null
  if (elsewhere !== null)
    throw bad(
      `${versionNames(plan).fresh} could not be judged: ${elsewhere}`,
      'nothing was changed; let the route name the port of the Service by which the requests come, or name own queries in `metrics`',
    )
}
