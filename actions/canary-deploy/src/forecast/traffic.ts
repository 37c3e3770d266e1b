import { type Cost, forecast } from '@alt-las/judge'
import {
  type Past,
  type Plan,
  type Scrapes,
  blockMsOf,
  isJudged,
  settingsOf,
  strategyOf,
} from '@alt-las/rollout'
import { formatDuration } from '@alt-las/time'

/**
 * Clean requests until the canary is proven to fail at most half a point more than stable, at 5 %: ln(20) / 0.005.
 * Bad versions need far fewer.
 */
export const provenRequests = Math.ceil(Math.log(20) / 0.005)

/** One fact behind the decision, with its figures. */
export type TrafficFact = readonly [what: string, figures: string]

/** The traffic that a decision needs, at the rate of the last half hour; empty if nothing is judged. */
export async function trafficFor(
  plan: Plan,
  scrapes: Pick<Scrapes, 'history'>,
): Promise<readonly TrafficFact[]> {
  if (!isJudged(plan)) return []
  return trafficAt(plan, await scrapes.history(plan))
}

/** Pure: the judge's need of traffic, with the settings of this plan. */
export function trafficAt(plan: Plan, past: Past): readonly TrafficFact[] {
  const { blocks } = past
  const [first] = blocks
  const last = blocks.at(-1)
  const needed: TrafficFact = ['a proof needs', `about ${provenRequests} requests to the new version`]
  if (first === undefined || last === undefined || last.to <= first.from)
    return [needed, ['present rate', 'not known']]
  const settings = settingsOf(plan, past, { sticky: false })
  const fixed = plan.ramp === 'fixed' ? (ms: number) => weightAt(plan, ms) : null
  const foreseen = forecast({ ...settings, bake: 0 }, blocks, blockMsOf(blocks), fixed)
  const { requestsPerSecond: rate, proof, faults } = foreseen
  if (rate === 0) return [needed, ['present rate', 'no request: on-undecided decides']]
  return [
    ['present rate', `${Number(rate.toPrecision(2))} requests a second`],
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

/** The weight this many ms after the first step; after a switch of all traffic the old version counts as before. */
function weightAt(plan: Plan, ms: number): number {
  if (strategyOf(plan).traffic === 'at-once') return 0.5
  const { steps } = plan
  let end = 0
  for (const { weight, holdMs } of steps) {
    end += holdMs
    if (ms < end) return weight / 100
  }
  return (steps.at(-1)?.weight ?? 100) / 100
}

const back = (excess: number): string =>
  excess === 1
    ? 'a version that always fails is rolled back'
    : `a version that fails ${excess * 100} points more is rolled back`

const after = ({ seconds, canaryRequests, failed }: Cost): string =>
  `after ${formatDuration(seconds * 1000)}, ${Math.round(canaryRequests)} requests` +
  (failed < 1 ? '' : `, ${Math.round(failed)} of them failed`)
