import { delay, ours, peers, replay, tally, type Replay, type Runs, type Tally } from './measure.ts'
import type { Scenario } from './scenario.ts'
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

export type Goal = 'false-rollback' | 'wrong-promotion' | 'failed-requests' | 'delay' | 'proof' | 'replay'

export interface Size extends Runs {
  /** Rollouts of each peer. */
  readonly peerRollouts: number
  readonly extra: readonly Scenario[]
  readonly only: readonly Goal[]
}

export type Tell = (row: Row) => void

export const goals: readonly Goal[] = [
  'false-rollback',
  'wrong-promotion',
  'failed-requests',
  'delay',
  'proof',
  'replay',
]

/** Measures every goal that is asked for, row by row. */
export function measureAll(size: Size, tell: Tell): readonly Row[] {
  const rows: Row[] = []
  for (const goal of size.only) {
    for (const row of measure(goal, size)) {
      rows.push(row)
      tell(row)
    }
  }
  return rows
}

function* measure(goal: Goal, size: Size): Generator<Row> {
  const of = (truth: Scenario['truth']) => size.extra.filter((scenario) => scenario.truth === truth)
  switch (goal) {
    case 'false-rollback':
      for (const scenario of [...healthy, ...of('healthy')]) yield falseRollBack(scenario, size)
      return
    case 'wrong-promotion':
      for (const scenario of [...bad, ...of('bad')]) yield wrongPromotion(scenario, size)
      return
    case 'failed-requests':
      for (const cost of costs) yield failedRequests(cost, size)
      return
    case 'delay':
      for (const scenario of delays) yield* delayRow(scenario, size)
      return
    case 'proof':
      for (const proof of proofs) yield proofRow(proof, size)
      return
    case 'replay':
      yield* replayRows(
        replay(
          healthy.filter((_, i) => i % 4 === 0),
          { ...size, rollouts: Math.ceil(size.rollouts / 100) },
        ),
      )
  }
}

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

function wrongPromotion(scenario: Scenario, size: Size): Row {
  const all = tally(scenario, ours, size)
  return {
    ...against('wrong-promotion', scenario, size, ({ promoted }) => promoted),
    ...rated(all.promoted, scenario.rps >= 50 ? 0.005 : 0.05, size.rollouts),
    tally: all,
  }
}

function failedRequests({ scenario, most }: (typeof costs)[number], size: Size): Row {
  // These rollouts are short, and a median of whole requests wants many.
  const all = tally(scenario, ours, { ...size, rollouts: Math.max(2000, size.rollouts) })
  return {
    ...against('failed-requests', scenario, size, ({ failed }) => failed),
    ...rated(all.failed, most, all.rollouts),
    tally: all,
  }
}

function* delayRow(scenario: Scenario, { seed, rollouts }: Size): Generator<Row> {
  const { boundScrapes, ratio } = delay(scenario, { seed, rollouts })
  if (ratio === null) return
  const name = `${scenario.name}: bound ${boundScrapes.toFixed(1)} scrapes`
  yield { goal: 'delay', scenario: name, peers: {}, tally: null, ...rated(ratio, 2.2, rollouts) }
}

function proofRow({ scenario, most }: (typeof proofs)[number], size: Size): Row {
  const all = tally(scenario, ours, size)
  const pass = most === null ? null : all.proven !== null && all.proven <= most
  const row = against('proof', scenario, size, ({ seconds }) => seconds)
  return { ...row, value: all.proven, most, pass, rollouts: size.rollouts, tally: all }
}

function replayRows({ blocks, different, microseconds, bytes }: Replay): readonly Row[] {
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
