import {
  delay,
  ours,
  peers,
  replay,
  tally,
  tallyWindow,
  type Runs,
  type Tally,
  type WindowTally,
} from './measure.ts'
import type { Scenario } from './scenario.ts'
import { lateBad, lateHealthy } from './late-scenarios.ts'
import { watched } from './watched.ts'
import { bad, costs, delays, healthy, proofs } from './scenarios.ts'

/** One line of a goal's table. */
export interface Row {
  readonly goal: Goal
  readonly scenario: string
  /** What was measured, in the goal's unit; null where it does not apply. */
  readonly value: number | null
  /** At most this is asked for; null: shown for information. */
  readonly most: number | null
  readonly pass: boolean | null
  readonly rollouts: number
  readonly peers: Readonly<Record<string, number>>
  readonly tally: Tally | null
}

export type Goal =
  | 'false-rollback'
  | 'wrong-promotion'
  | 'late-rollback'
  | 'late-promotion'
  | 'failed-requests'
  | 'delay'
  | 'proof'
  | 'replay'

export interface Size extends Runs {
  /** Rollouts of each peer. */
  readonly peerRollouts: number
  readonly extra: readonly Scenario[]
  /** Without the scenarios of this repository where there are others. */
  readonly alone: boolean
  readonly only: readonly Goal[]
}

export const goals: readonly Goal[] = [
  'false-rollback',
  'wrong-promotion',
  'late-rollback',
  'late-promotion',
  'failed-requests',
  'delay',
  'proof',
  'replay',
]

/** A row to be measured; none comes out where it does not apply. */
export interface Task {
  readonly goal: Goal
  /** How much of the whole it is, roughly, in blocks to be judged. */
  readonly effort: number
  readonly measure: () => readonly Row[]
}

/** Every goal that is asked for, row by row; the same list for the same size, in whatever thread. */
export const tasksOf = (size: Size): readonly Task[] => size.only.flatMap((goal) => tasks(goal, size))

function tasks(goal: Goal, size: Size): readonly Task[] {
  const of = (truth: Scenario['truth']) => size.extra.filter((scenario) => scenario.truth === truth)
  switch (goal) {
    case 'false-rollback':
      return [...(size.alone ? [] : healthy), ...of('healthy')].map((each) =>
        task(goal, each, size, falseRollBack),
      )
    case 'wrong-promotion':
      return [...(size.alone ? [] : bad), ...of('bad')].map((each) => task(goal, each, size, wrongPromotion))
    case 'late-rollback':
      return [...(size.alone ? [] : lateHealthy), ...of('healthy')].map((each) =>
        task(goal, each, { ...size, peerRollouts: 0 }, lateRollBack),
      )
    case 'late-promotion':
      return [...(size.alone ? [] : lateBad), ...of('bad')].map((each) =>
        task(goal, each, { ...size, peerRollouts: 0 }, latePromotion),
      )
    case 'failed-requests':
      return costs.map((cost) => task(goal, cost.scenario, size, () => failedRequests(cost, size)))
    case 'delay':
      return delays.map((each) => task(goal, each, { ...many(size), peerRollouts: 0 }, delayRow))
    case 'proof':
      return proofs.map((proof) => task(goal, proof.scenario, size, () => proofRow(proof, size)))
    case 'replay':
      return [{ goal, effort: size.rollouts, measure: () => replayRows(size) }]
  }
}

// A rollout of a weight that is held goes on until the fault is found or time is over; the peers' last half an hour.
const usualBlocks = 150
const peerBlocks = 1200

function task(
  goal: Goal,
  scenario: Scenario,
  size: Size,
  row: (scenario: Scenario, size: Size) => Row | null,
): Task {
  const effort = size.rollouts * usualBlocks + size.peerRollouts * peerBlocks
  const measure = () => {
    const measured = row(scenario, size)
    return measured === null ? [] : [measured]
  }
  return { goal, effort, measure }
}

/** For rollouts that are short: a median of whole requests, and a mean beside its goal, want many. */
const many = (size: Size): Size => ({ ...size, rollouts: Math.max(2000, size.rollouts) })

const falseRollBackMost = 0.005

function falseRollBack(scenario: Scenario, size: Size): Row {
  const all = tally(scenario, ours, size)
  const value = all.rolledBack
  return {
    ...against('false-rollback', scenario, size, ({ rolledBack }) => rolledBack),
    ...rated(value, falseRollBackMost, size.rollouts),
    tally: all,
  }
}

/** A version is promoted once its rollback window is over. */
function wrongPromotion(scenario: Scenario, size: Size): Row {
  const all = tally(scenario, watched, size)
  return {
    ...against('wrong-promotion', scenario, size, ({ promoted }) => promoted),
    ...rated(all.promoted, scenario.rps >= 50 ? 0.005 : 0.05, size.rollouts),
    tally: all,
  }
}

/** Healthy, with all traffic: of the rollouts that came to their window. */
function lateRollBack(scenario: Scenario, size: Size): Row {
  return lateRow('late-rollback', scenario, size, { most: falseRollBackMost, pick: (all) => all.rolledBack })
}

function latePromotion(scenario: Scenario, size: Size): Row {
  return lateRow('late-promotion', scenario, size, { most: 0.01, pick: (all) => all.promoted })
}

function lateRow(
  goal: Goal,
  scenario: Scenario,
  size: Size,
  { most, pick }: { readonly most: number; readonly pick: (all: WindowTally) => number },
): Row {
  const all = tallyWindow(scenario, size)
  const found = all.seconds === null ? '' : `, found in ${Math.round(all.seconds)} s`
  const name = `${scenario.name}: compared ${Number((100 * all.compared).toFixed(1))} %${found}`
  return { goal, scenario: name, peers: {}, tally: null, ...rated(pick(all), most, all.reached) }
}

function failedRequests({ scenario, most }: (typeof costs)[number], size: Size): Row {
  const all = tally(scenario, ours, many(size))
  return {
    ...against('failed-requests', scenario, size, ({ failed }) => failed),
    ...rated(all.failed, most, all.rollouts),
    tally: all,
  }
}

function delayRow(scenario: Scenario, { seed, rollouts }: Size): Row | null {
  const { boundScrapes, ratio } = delay(scenario, { seed, rollouts })
  if (ratio === null) return null
  const name = `${scenario.name}: bound ${boundScrapes.toFixed(1)} scrapes`
  return { goal: 'delay', scenario: name, peers: {}, tally: null, ...rated(ratio, 2.2, rollouts) }
}

function proofRow({ scenario, most }: (typeof proofs)[number], size: Size): Row {
  const all = tally(scenario, ours, size)
  const pass = most === null ? null : all.proven !== null && all.proven <= most
  const row = against('proof', scenario, size, ({ seconds }) => seconds)
  return { ...row, value: all.proven, most, pass, rollouts: size.rollouts, tally: all }
}

function replayRows(size: Size): readonly Row[] {
  const recorded = healthy.filter((_, i) => i % 4 === 0)
  const runs = { ...size, rollouts: Math.ceil(size.rollouts / 100) }
  const { blocks, different, microseconds, bytes } = replay(recorded, runs)
  const row = { goal: 'replay' as const, peers: {}, tally: null }
  return [
    { ...row, scenario: 'blocks decided otherwise after a restart', ...rated(different, 0, blocks) },
    { ...row, scenario: 'microseconds a scrape', ...rated(microseconds, 100, blocks) },
    { ...row, scenario: 'largest state in bytes', ...rated(bytes, 24_000, blocks) },
  ]
}

const rated = (value: number, most: number, rollouts: number) => ({
  value,
  most,
  pass: value <= most,
  rollouts,
})

function against(
  goal: Goal,
  scenario: Scenario,
  { seed, peerRollouts }: Size,
  pick: (all: Tally) => number,
): { readonly goal: Goal; readonly scenario: string; readonly peers: Readonly<Record<string, number>> } {
  // A fixed weight is ours to hold; the peers' ramps are their own.
  const rules = peerRollouts === 0 || scenario.weight !== undefined ? [] : Object.entries(peers)
  const values = rules.map(([name, rule]) => [
    name,
    pick(tally(scenario, rule, { seed, rollouts: peerRollouts })),
  ])
  return { goal, scenario: scenario.name, peers: Object.fromEntries(values) as Record<string, number> }
}
