import { forecast, type Block, type Cost } from '@alt-las/judge'
import { formatDuration } from '@alt-las/time'
import type { Judging, Plan } from '../plan.ts'
import type { Scrapes } from '../scrapes.ts'

/**
 * Clean requests that the canary has to answer until it is proven to fail at most half a point more than stable, at 5 %: ln(20) / 0.005.
 * Bad versions are found with far fewer.
 */
export const provenRequests = Math.ceil(Math.log(20) / 0.005)

/** One fact about what the decision rests on, and its figures. */
export type TrafficFact = readonly [what: string, figures: string]

/** What a decision needs, at the rate of the last half hour; empty where nothing is judged. */
export async function trafficFor(
  plan: Plan,
  scrapes: Pick<Scrapes, 'history'>,
): Promise<readonly TrafficFact[]> {
  if (plan.steps.length === 0 && plan.strategy !== 'blue-green') return []
  return trafficAt(plan, await scrapes.history(plan))
}

/** Pure; `history`: blocks of stable alone, oldest first. */
export function trafficAt(plan: Plan, history: readonly Block[]): readonly TrafficFact[] {
  const [first] = history
  const last = history.at(-1)
  const needed: TrafficFact = ['a proof needs', `some ${String(provenRequests)} requests to the new version`]
  if (first === undefined || last === undefined || last.to <= first.from)
    return [needed, ['present rate', 'not known']]
  const blockMs = (last.to - first.from) / history.length
  const {
    requestsPerSecond: rate,
    proof,
    faults,
  } = forecast(settingsOf(plan.judging, blockMs), history, blockMs)
  if (rate === 0) return [needed, ['present rate', 'no request: on-undecided will decide']]
  return [
    ['present rate', `${String(Number(rate.toPrecision(2)))} requests a second`],
    [
      'the new version gets',
      `${String(Math.round(rate * shareSeconds(plan)))} requests in the time of its steps`,
    ],
    [
      'an equal version is proven',
      proof === null ? 'not before max-duration: on-undecided decides' : after(proof),
    ],
    ...faults.map(({ excess, cost }): TrafficFact => [
      back(excess),
      cost === null ? 'not before max-duration' : after(cost),
    ]),
  ]
}

/** As with an adaptive ramp: fixed steps that are held for long find the same faults earlier or later. */
const settingsOf = ({ risk, errorMargin, maxDurationMs }: Judging, blockMs: number) => ({
  risk,
  errorMargin,
  latencyMargin: null,
  horizon: Math.max(1, Math.ceil(maxDurationMs / blockMs)),
  bake: 0,
  dispersion: null,
  expectTraffic: true,
  weights: { kind: 'auto', least: 0.01, reaction: 10_000 } as const,
})

/** Seconds of the whole traffic that the new version gets while it is judged. */
function shareSeconds({ steps, strategy, judging }: Plan): number {
  const ramp = strategy === 'blue-green' ? [{ weight: 100, holdMs: judging.bakeMs }] : steps
  return ramp.reduce((sum, { weight, holdMs }) => sum + (weight * holdMs) / 100_000, 0)
}

const back = (excess: number): string =>
  excess === 1
    ? 'one that fails always is back'
    : `one that fails ${String(excess * 100)} points more is back`

const after = ({ seconds, canaryRequests, failed }: Cost): string =>
  `after ${formatDuration(seconds * 1000)}, ${String(Math.round(canaryRequests))} requests` +
  (failed < 1 ? '' : `, ${String(Math.round(failed))} of them failed`)
