import { type Block, type Settings, begin, forecastProof } from '@alt-las/judge'
import { formatDuration } from '@alt-las/time'
import type { ProofForecast } from '../model/judgement.ts'
import type { Past } from '../model/metrics.ts'
import type { Plan } from '../model/plan.ts'
import type { Visited } from '../model/quiet.ts'
import { strategyOf, versionNames } from '../strategies/strategies.ts'
import { blockMsOf, settingsOf } from './judge-settings.ts'

/** A shorter history says nothing about the traffic to come, in ms. */
const leastHistoryMs = 60_000

/** Traffic of so short a time shows what is coming, in ms. */
const recentMs = 120_000

/** Enough requests a second for any proof, to count what it needs. */
const plenty = 50

/** Clean requests until the canary is proven to fail at most half a point more than stable, at 5 %: ln(20) / 0.005. */
export const fewestRequests = Math.ceil(Math.log(20) / 0.005)

/** The history of users: without the synthetic requests of the rollout before. */
export function ofUsers(past: Past, visited: Visited | undefined): Past {
  if (visited === undefined) return past
  const none = { requests: 0, errors: 0 }
  const isSynthetic = ({ from, to }: Block) => to > visited.from && from < visited.until
  return { ...past, blocks: past.blocks.map((one) => (isSynthetic(one) ? { ...one, stable: none } : one)) }
}

/** Pure: what the history holds and what a proof needs, with the judge's own settings; null where no history is known. */
export function proofForecast(plan: Plan, past: Past, sticky: boolean): ProofForecast | null {
  const { blocks } = past
  const historyMs = (blocks.at(-1)?.to ?? 0) - (blocks[0]?.from ?? 0)
  if (historyMs < leastHistoryMs) return null
  const settings = settingsOf(plan, past, { sticky })
  const requests = sum(blocks, 'requests')
  const synthetic = steadyRate(plan)
  const known = {
    historyMs,
    requestsPerSecond: presentRate(blocks),
    errorRate: requests === 0 ? 0 : sum(blocks, 'errors') / requests,
    dispersion: begin(settings, blocks).spread.errors,
  }
  const rate = known.requestsPerSecond + synthetic
  const proof = rate === 0 ? null : proofAt(plan, past, { settings, rate })
  const needs = proof ?? proofAt(plan, past, { settings, rate: plenty })
  return {
    ...known,
    ...(synthetic === 0 ? {} : { synthetic }),
    requests: Math.ceil(needs?.canaryRequests ?? fewestRequests),
    proofMs: proof === null ? null : 1000 * proof.seconds,
  }
}

/** Requests a second: of the whole history, or of its last minutes where traffic has just begun. */
function presentRate(blocks: readonly Block[]): number {
  const end = blocks.at(-1)?.to ?? 0
  const rateOf = (some: readonly Block[]) => {
    const ms = some.reduce((total, { from, to }) => total + (to - from), 0)
    return ms === 0 ? 0 : (1000 * sum(some, 'requests')) / ms
  }
  return Math.max(rateOf(blocks), rateOf(blocks.filter(({ from }) => from >= end - recentMs)))
}

/** Synthetic requests a second that are sent in any case. After a switch of all traffic they have nothing to be compared with. */
export const steadyRate = ({ synthetic = [], strategy }: Plan): number =>
  strategyOf({ strategy }).traffic === 'at-once'
    ? 0
    : synthetic.reduce((total, { rate }) => total + (rate ?? 0), 0)

/** The proof at `rate` requests a second, or at that of the history; null where it does not come within `max-duration`. */
export const proofAt = (
  plan: Plan,
  { blocks }: Past,
  { settings, rate }: { readonly settings: Settings; readonly rate?: number },
) =>
  forecastProof({ ...settings, bake: 0 }, blocks, {
    blockMs: blockMsOf(blocks),
    weightAt: fixedWeightAt(plan),
    ...(rate === undefined ? {} : { rate }),
  })

/** The weight this many ms after the first step; null with the adaptive ramp. After a switch of all traffic the old version counts as before. */
export function fixedWeightAt({ ramp, steps, strategy }: Plan): ((ms: number) => number) | null {
  if (ramp === 'auto') return null
  if (strategyOf({ strategy }).traffic === 'at-once') return () => 0.5
  return (ms) => {
    let end = 0
    for (const { weight, holdMs } of steps) {
      end += holdMs
      if (ms < end) return weight / 100
    }
    return (steps.at(-1)?.weight ?? 100) / 100
  }
}

/** Whether the proof, and the bake after it, come within `max-duration`. */
export const fits = ({ proofMs }: ProofForecast, { judging, strategy }: Plan): boolean =>
  proofMs !== null && proofMs + bakeMsOf({ judging, strategy }) <= judging.maxDurationMs

// The soak after a blue-green switch runs from the switch, beside the proof.
const bakeMsOf = ({ judging, strategy }: Pick<Plan, 'judging' | 'strategy'>): number =>
  strategyOf({ strategy }).traffic === 'at-once' ? 0 : judging.bakeMs

/** What the history holds. */
export function historyWords(known: ProofForecast): string {
  const { historyMs, requestsPerSecond, errorRate, synthetic = 0 } = known
  const span = formatDuration(Math.round(historyMs / 1000) * 1000)
  const more = synthetic === 0 ? '' : `, and gets ${figure(synthetic)} synthetic ones a second`
  if (requestsPerSecond === 0) return `no request in the last ${span}${more}`
  const failed = `${figure(100 * errorRate)} % of them failed`
  return `${figure(requestsPerSecond)} requests a second in the last ${span}, ${failed}${more}`
}

/** What a proof needs, how long that takes, and whether it fits. */
export function needWords(forecast: ProofForecast, plan: Plan): string {
  const { fresh } = versionNames(plan)
  return `some ${forecast.requests} requests to ${fresh}, ${timeWords(forecast, plan)}`
}

/** The sentence of the first look. */
export const forecastWords = (forecast: ProofForecast, plan: Plan): string =>
  `${versionNames(plan).old} had ${historyWords(forecast)}; a proof needs ${needWords(forecast, plan)}`

function timeWords(forecast: ProofForecast, plan: Plan): string {
  const { proofMs, requests } = forecast
  const rate = forecast.requestsPerSecond + (forecast.synthetic ?? 0)
  const { maxDurationMs, bakeMs } = plan.judging
  const most = `max-duration, ${formatDuration(maxDurationMs)}`
  if (rate === 0) return 'and none comes'
  if (fits(forecast, plan)) return `which take about ${formatDuration(proofMs ?? 0)} and fit ${most}`
  if (proofMs !== null)
    return `which take about ${formatDuration(proofMs)}: with a bake of ${formatDuration(bakeMs)} more than ${most}`
  // At best half of the traffic goes to the new version.
  const ms = Math.round((2 * requests) / rate) * 1000
  return `which take at least ${formatDuration(ms)}: more than ${most}`
}

const sum = (blocks: readonly Block[], field: 'requests' | 'errors'): number =>
  blocks.reduce((total, { stable }) => total + stable[field], 0)

const figure = (value: number): string => String(Number(value.toPrecision(2)))
