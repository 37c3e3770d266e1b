// Metrics to a judgement: finds the series, reads them block by block, and asks the judge about each block.
import { describe } from '@alt-las/failure'
import { hasTraffic } from '@alt-las/routers'
import type { Clock } from '@alt-las/time'
import type { Judgement } from '../model/judgement.ts'
import type { Past, ScrapeReading } from '../model/metrics.ts'
import type { Observation } from '../model/observation.ts'
import type { Phase } from '../model/phase.ts'
import type { Plan } from '../model/plan.ts'
import type { Rollout } from '../model/rollout.ts'
import { settleMs } from '../model/timing.ts'
import { isJudged } from '../strategies/judged.ts'
import { addReading, beginJudgement } from './judging.ts'
import { addWatched } from './late.ts'
import { syntheticRate, takeQuiet } from './on-quiet.ts'
import { fits, ofUsers } from './proof-forecast.ts'
import { addSample } from './sampling.ts'

const waitMs = 1000

interface Before {
  readonly history: () => Promise<Past>
  /** Why no synthetic request can be sent; null = they can. */
  readonly reach: (plan: Plan) => Promise<string | null>
}

/**
 * Before the canary has traffic the judge reads the history, and where a proof cannot come in time `on-quiet` is taken at once; null if it has
 * done so, or if it is too late.
 */
export async function lookedBack(
  { plan, judgement, visited }: Pick<Rollout, 'plan' | 'judgement' | 'visited'>,
  seen: Observation,
  { history, reach }: Before,
): Promise<Judgement | null> {
  if (judgement.state !== null || hasTraffic(seen.router) || !isJudged(plan)) return null
  // What comes by other routes stays on stable: the canary then has fewer requests than its weight says.
  const { sticky, foreign = [] } = seen.router
  const past = await history()
  const users = ofUsers(past, visited)
  const at = { past, users, sticky: sticky || foreign.length > 0 }
  const begun = beginJudgement(judgement, plan, at)
  const { forecast } = begun
  if (forecast === undefined || fits(forecast, plan)) return begun
  const rate = syntheticRate(plan, { past: users, sticky: at.sticky })
  const quiet = takeQuiet(plan, { forecast, rate, unreachable: rate === null ? null : await reach(plan) })
  if (quiet === null) return begun
  const again =
    quiet.rate === undefined ? begun : beginJudgement(judgement, plan, { ...at, rate: quiet.rate })
  return { ...again, quiet }
}

/** The canary's share of the requests, in percent; null while it is not known, as of an audience alone. */
export const shareOf = (router: Observation['router']): number | null =>
  router.weight === 0 && hasTraffic(router) ? null : router.weight

/**
 * One reading of the metrics. A rollback does not depend on them, since it may have no source at all; nor does the window after the promotion was
 * proven.
 */
export async function read(
  { phase, seen, clock }: { readonly phase: Phase; readonly seen: Observation; readonly clock: Clock },
  next: () => Promise<ScrapeReading>,
): Promise<ScrapeReading> {
  try {
    return await next()
  } catch (error) {
    if (hasTraffic(seen.router) && phase.kind !== 'warm') throw error
    // A source that is none refuses at once, and the window lasts minutes.
    if (phase.kind === 'warm') await clock.sleep(waitMs)
    return { kind: 'blind', because: describe(error), lasting: false }
  }
}

/** The judge gets blocks with canary traffic; without traffic only the position is kept. */
export function judged(
  judgement: Judgement,
  reading: ScrapeReading,
  { plan, phase, seen }: { readonly plan: Plan; readonly phase: Phase; readonly seen: Observation },
): Judgement {
  if (phase.kind === 'warm' && judgement.late !== undefined) return addWatched(judgement, reading)
  if (!hasTraffic(seen.router) && reading.kind === 'block')
    return { ...judgement, readTo: reading.block.to, trouble: null }
  return addReading(judgement, reading, plan)
}

/** The data plane's shares in the block, if the block shows them. */
export function withSample(
  judgement: Judgement,
  reading: ScrapeReading,
  { seen, clock }: { readonly seen: Observation; readonly clock: Clock },
): Judgement {
  if (reading.kind !== 'block') return judgement
  const { settledMs } = seen.router
  const weight = shareOf(seen.router)
  const ageMs = clock.now() - reading.block.from
  const at = { weight, whole: ageMs <= settledMs, settled: ageMs <= settledMs - settleMs }
  return { ...judgement, sampling: addSample(judgement.sampling, reading.block, at) }
}
