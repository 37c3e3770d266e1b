// What is done where the traffic is too little: synthetic requests, promotion by tests and time, or no release.
import type { Settings } from '@alt-las/judge'
import { formatDuration } from '@alt-las/time'
import type { ProofForecast } from '../model/judgement.ts'
import type { Past } from '../model/metrics.ts'
import type { Plan } from '../model/plan.ts'
import type { Quiet, QuietWay } from '../model/quiet.ts'
import { quietBakeMsOf, quietSwitchMsOf, quietWindowMsOf } from '../strategies/ramp.ts'
import { strategyOf, versionNames } from '../strategies/strategies.ts'
import { settingsOf } from './judge-settings.ts'
import { fits, forecastWords, proofAt, proofForecast, steadyRate } from './proof-forecast.ts'

/** What the choice depends on beside the plan. */
export interface QuietFacts {
  readonly forecast: ProofForecast
  /** Requests a second at which synthetic requests prove it in time; null = at none that is allowed. */
  readonly rate: number | null
  /** Why the addresses of the synthetic requests cannot be reached; null = they can. */
  readonly unreachable: string | null
}

/** Pure: the way of the plan, or the first that is possible; null where a proof comes in time. */
export function takeQuiet(plan: Plan, facts: QuietFacts): Quiet | null {
  const choice = chooseQuiet(plan, facts)
  if (choice === null) return null
  const { taken, words } = choice
  const because = `${forecastWords(facts.forecast, plan)}; ${words}`
  return { taken, because, ...(taken === 'synthetic' && facts.rate !== null ? { rate: facts.rate } : {}) }
}

/** The choice, with its reason. */
export function chooseQuiet(
  plan: Plan,
  facts: QuietFacts,
): { readonly taken: Quiet['taken']; readonly words: string } | null {
  if (fits(facts.forecast, plan)) return null
  const lacks: Readonly<Record<QuietWay, string | null>> = {
    synthetic: whyNoSynthetic(plan, facts),
    smoke: plan.smoke === undefined ? 'smoke names no API tests' : null,
    abort: null,
  }
  const ways: readonly QuietWay[] = plan.onQuiet === undefined ? inOrder : [plan.onQuiet, 'abort']
  const way = ways.find((one) => lacks[one] === null) ?? 'abort'
  const missed = ways
    .slice(0, ways.indexOf(way))
    .map((one) => `; ${one} is not possible: ${lacks[one] ?? ''}`)
  // Whoever has said what becomes of an undecided version gets that, not an end at once.
  const waits = way === 'abort' && plan.onQuiet === undefined && plan.judging.onUndecided !== 'abort'
  const taken = waits ? 'on-undecided' : way
  const words = wayWords(taken, plan, facts) + missed.join('')
  return { taken, words: taken === 'abort' ? words + remedy : words }
}

const inOrder: readonly QuietWay[] = ['synthetic', 'smoke', 'abort']

const remedy =
  '; give API tests in `smoke`, or in `synthetic-requests` a line `auto` with an address that the runner reaches'

function whyNoSynthetic(plan: Plan, { rate, unreachable }: QuietFacts): string | null {
  const { fresh, old } = versionNames(plan)
  if (strategyOf(plan).traffic === 'at-once')
    return `once ${fresh} has all traffic, ${old} gets no requests to compare with`
  if (!(plan.synthetic ?? []).some((one) => one.rate === null))
    return 'synthetic-requests has no line `auto` with an address'
  return unreachable ?? (rate === null ? `not even ${mostRate} requests a second are enough in time` : null)
}

function wayWords(taken: Quiet['taken'], plan: Plan, { rate }: QuietFacts): string {
  const { fresh } = versionNames(plan)
  switch (taken) {
    case 'synthetic':
      return `on-quiet sends ${rate ?? 0} synthetic requests a second through the gateway, with ${soakTimes(plan)}`
    case 'smoke':
      return `on-quiet takes smoke: ${fresh} goes on by its API tests, by the health of its pods and by time, not judged by traffic, with ${soakTimes(plan)}`
    case 'abort':
      return 'on-quiet ends it before the first user'
    case 'on-undecided':
      return `it waits for the requests that come, and on-undecided decides: ${plan.judging.onUndecided}`
  }
}

/** The times that it then takes, and whether they are those of the inputs. */
function soakTimes(plan: Plan): string {
  if (strategyOf(plan).traffic === 'at-once')
    return `${formatDuration(quietSwitchMsOf(plan))} after the switch`
  const { judging, rollbackWindowMs } = plan
  return [
    soakTime('bake', quietBakeMsOf(plan), judging.bakeMs),
    soakTime('rollback-window', quietWindowMsOf(plan), rollbackWindowMs),
  ].join(' and ')
}

const soakTime = (input: string, ms: number, usualMs: number): string =>
  `${input} ${formatDuration(ms)}${ms === usualMs ? '' : ` in place of ${formatDuration(usualMs)}`}`

/** Requests a second; more is a load test. */
const rates = [1, 2, 3, 5, 8, 10, 15, 20, 25, 30, 40, 50]
const mostRate = 50

/** How long a proof by synthetic requests should take at most. */
const wantedSeconds = 120

/**
 * Synthetic requests a second at which an equal version is proven soon, else the most that is allowed, if that and the bake are in time; null
 * where they are not, or where there is no address to send to.
 */
export function syntheticRate(
  plan: Plan,
  { past, sticky }: { readonly past: Past; readonly sticky: boolean },
): number | null {
  if (!sendsWhereQuiet(plan)) return null
  const usual = (proofForecast(plan, past, sticky)?.requestsPerSecond ?? 0) + steadyRate(plan)
  const settings = settingsOf(plan, past, { sticky })
  const mostSeconds = (plan.judging.maxDurationMs - quietBakeMsOf(plan)) / 1000
  const secondsAt = (rate: number): number =>
    proofAt(plan, past, { settings, rate: usual + rate })?.seconds ?? Infinity
  const soon = rates.find((rate) => secondsAt(rate) <= Math.min(wantedSeconds, mostSeconds))
  return soon ?? (secondsAt(mostRate) <= mostSeconds ? mostRate : null)
}

const sendsWhereQuiet = (plan: Plan): boolean =>
  strategyOf(plan).traffic === 'in-steps' && (plan.synthetic ?? []).some(({ rate }) => rate === null)

/** The judge's settings for a rate that the history does not show. */
export const atRate = (settings: Settings, expectedRate: number): Settings => ({ ...settings, expectedRate })
