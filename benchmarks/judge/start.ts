import { begin, judge, type Block, type Settings, type State } from '@alt-las/judge'
import type { Past } from './policy.ts'
import type { Scenario } from './scenario.ts'
import { blockSeconds } from './world.ts'

/** `max-duration` of 45 minutes. */
export const horizon = (45 * 60) / blockSeconds

/** The action's defaults. */
export const settingsFor = ({ least = 0.01, weight }: Scenario): Settings => ({
  risk: 0.01,
  errorMargin: 1.2,
  latencyMargin: 1.1,
  horizon,
  bake: 5 * 60 * 1000,
  dispersion: null,
  expectTraffic: true,
  weights: weight === undefined ? { kind: 'auto', least, reaction: 10_000 } : { kind: 'fixed', proof: 0.5 },
})

/** The judge after half an hour of stable alone. */
export interface Start {
  readonly state: State
  /** Asked for before the canary's first request. */
  readonly weight: number
}

// Scenarios of the same stable version have the same past: it is the largest part of a short rollout.
let kept: { readonly world: string; readonly starts: Map<string, Start> } | null = null

/** The same for all scenarios that differ in what comes with the canary only. */
export function startOf(scenario: Scenario, past: Past): Start {
  const world = JSON.stringify([pastOf(scenario), settingsFor(scenario)])
  if (kept?.world !== world) kept = { world, starts: new Map() }
  const seeds = past.seeds.join()
  const known = kept.starts.get(seeds)
  if (known !== undefined) return known
  const start = newStart(scenario, past.history)
  kept.starts.set(seeds, start)
  return start
}

/** What the history depends on: all but what only a canary shows; the weights are in the settings. */
const pastOf = (scenario: Scenario): Readonly<Record<string, unknown>> => ({
  ...scenario,
  name: null,
  truth: null,
  weight: null,
  least: null,
  canary: null,
  bias: null,
  gaps: null,
  gapLength: null,
  resets: null,
  misaligned: null,
  coldStart: null,
  afterSwitch: null,
})

function newStart(scenario: Scenario, history: readonly Block[]): Start {
  const state = begin(settingsFor(scenario), history)
  // A block without a canary asks for the first weight.
  const { verdict } = judge(state, { ...(history.at(-1) ?? emptyBlock), weight: 0 })
  const weight = verdict.kind === 'continue' ? verdict.weight : (scenario.least ?? 0.01)
  return { state, weight }
}

const emptyBlock: Block = {
  from: 0,
  to: 1000 * blockSeconds,
  canary: { requests: 0, errors: 0 },
  stable: { requests: 0, errors: 0 },
  weight: 0,
}
