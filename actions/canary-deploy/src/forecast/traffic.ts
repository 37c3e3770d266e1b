import { type Cost, forecast } from '@alt-las/judge'
import {
  type Past,
  type Plan,
  type ProofForecast,
  type Scrapes,
  blockMsOf,
  chooseQuiet,
  fewestRequests,
  fixedWeightAt,
  historyWords,
  isJudged,
  needWords,
  proofForecast,
  settingsOf,
  syntheticRate,
  versionNames,
} from '@alt-las/rollout'
import { formatDuration } from '@alt-las/time'

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
function trafficAt(plan: Plan, past: Past): readonly TrafficFact[] {
  const known = proofForecast(plan, past, false)
  if (known === null)
    return [
      ['present rate', 'not known: there is no history'],
      ['a proof needs', `at least ${fewestRequests} requests to ${versionNames(plan).fresh}`],
    ]
  const facts: readonly TrafficFact[] = [
    ['present rate', historyWords(known)],
    ['a proof needs', needWords(known, plan)],
    ...onQuiet(plan, past, known),
  ]
  if (known.requestsPerSecond === 0) return facts
  const { blocks } = past
  const settings = { ...settingsOf(plan, past, { sticky: false }), bake: 0 }
  const { faults } = forecast(settings, blocks, blockMsOf(blocks), fixedWeightAt(plan))
  return [
    ...facts,
    ...faults.map(({ excess, cost }): TrafficFact => [
      back(excess),
      cost === null ? 'not before max-duration' : after(cost),
    ]),
  ]
}

/** Nothing is sent in a dry run: an address that the run would try counts as one that answers. */
function onQuiet(plan: Plan, past: Past, forecast: ProofForecast): readonly TrafficFact[] {
  const rate = syntheticRate(plan, { past, sticky: false })
  const choice = chooseQuiet(plan, { forecast, rate, unreachable: null })
  return choice === null ? [] : [['on-quiet', choice.words]]
}

const back = (excess: number): string =>
  excess === 1
    ? 'a version that always fails is rolled back'
    : `a version that fails ${excess * 100} points more is rolled back`

const after = ({ seconds, canaryRequests, failed }: Cost): string =>
  `after ${formatDuration(seconds * 1000)}, ${Math.round(canaryRequests)} requests` +
  (failed < 1 ? '' : `, ${Math.round(failed)} of them failed`)
