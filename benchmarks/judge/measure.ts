import { begin, judge, type Block, type State } from '@alt-las/judge'
import { leastRequests } from './bound.ts'
import { ours } from './ours.ts'
import { argo, flagger, kayenta, zTest } from './peers.ts'
import type { Rule } from './policy.ts'
import { rollOut, type Ending } from './rollout.ts'
import type { Scenario } from './scenario.ts'
import { horizon, settingsFor, startOf } from './start.ts'
import { watched } from './watched.ts'
import { blockSeconds, world } from './world.ts'

export const peers: Readonly<Record<string, Rule>> = { flagger, argo, kayenta, 'z-test': zTest }

/** What became of many rollouts of one scenario under one rule. */
export interface Tally {
  readonly rollouts: number
  /** Shares, 0..1. */
  readonly rolledBack: number
  readonly promoted: number
  /** Medians; failed requests and seconds until the decision; null where none was proven. */
  readonly failed: number
  readonly seconds: number
  readonly proven: number | null
}

export function tally(scenario: Scenario, rule: Rule, runs: Runs): Tally {
  const endings = Array.from({ length: runs.rollouts }, (_, i) => rollOut(scenario, rule, [runs.seed, i]))
  const share = (kind: Ending['kind']) =>
    endings.filter((ending) => ending.kind === kind).length / endings.length
  const proven = endings.map(({ provenAt }) => provenAt ?? Infinity)
  const medianProof = median(proven)
  return {
    rollouts: runs.rollouts,
    rolledBack: share('rolled-back'),
    promoted: share('promoted'),
    failed: median(endings.map(({ failed }) => failed)),
    seconds: median(endings.map(({ seconds }) => seconds)),
    proven: medianProof === Infinity ? null : medianProof,
  }
}

/** Of the rollouts that came to their rollback window: what became of them there. */
export interface WindowTally {
  readonly reached: number
  /** Shares of those, 0..1. */
  readonly rolledBack: number
  readonly promoted: number
  readonly compared: number
  /** Median of the seconds from the fault to the rollback; null without one. */
  readonly seconds: number | null
}

export function tallyWindow(scenario: Scenario, { seed, rollouts }: Runs): WindowTally {
  const all = Array.from({ length: rollouts }, (_, i) => rollOut(scenario, watched, [seed, i]))
  const reached = all.filter(({ compared }) => compared !== null)
  const share = (is: (ending: Ending) => boolean) => reached.filter(is).length / Math.max(1, reached.length)
  const seconds = reached.flatMap(({ kind, sinceFault }) =>
    kind === 'rolled-back' ? (sinceFault ?? []) : [],
  )
  return {
    reached: reached.length,
    rolledBack: share(({ kind }) => kind === 'rolled-back'),
    promoted: share(({ kind }) => kind === 'promoted'),
    compared: share(({ compared }) => compared !== null && compared > 0),
    seconds: seconds.length === 0 ? null : median(seconds),
  }
}

export interface Runs {
  readonly seed: number
  readonly rollouts: number
}

export interface Delay {
  readonly boundScrapes: number
  /** Mean requests until the rollback, times the bound; null where the bound is under three scrapes or beyond the horizon. */
  readonly ratio: number | null
}

/** Under a fixed weight, with the fault there from the start. */
export function delay(scenario: Scenario, { seed, rollouts }: Runs): Delay {
  const { base, weight = 0.1, rps, canary = [] } = scenario
  const rates = { canary: base * (canary[0]?.times ?? 1), stable: base, weight }
  const bound = leastRequests(rates, { risk: 0.01, margin: 1.2 })
  const boundScrapes = bound / (rps * blockSeconds)
  if (boundScrapes < 3 || boundScrapes > horizon / 6) return { boundScrapes, ratio: null }
  let total = 0
  for (let i = 0; i < rollouts; i += 1) total += untilRollBack(scenario, weight, [seed, i])
  return { boundScrapes, ratio: total / rollouts / bound }
}

function untilRollBack(scenario: Scenario, weight: number, seeds: readonly [number, number]): number {
  const here = world(scenario, ...seeds)
  let { state } = startOf(scenario, here)
  for (let i = 0; i < horizon; i += 1) {
    const answer = judge(state, here.next(weight))
    state = answer.state
    if (answer.verdict.kind === 'roll-back') break
  }
  return here.requests()
}

export interface Replay {
  readonly blocks: number
  /** Blocks after which a judge that was stopped and begun again from its saved state said anything else, or held another state. */
  readonly different: number
  readonly microseconds: number
  readonly bytes: number
}

/** Judges recorded blocks twice: at once, and with the state written and read between any two blocks. */
export function replay(scenarios: readonly Scenario[], { seed, rollouts }: Runs): Replay {
  let [blocks, different, bytes, microseconds] = [0, 0, 0, 0]
  for (const scenario of scenarios) {
    for (let i = 0; i < rollouts; i += 1) {
      const here = world(scenario, seed, i)
      const recorded = Array.from({ length: 100 }, (_, k) => here.next(k < 20 ? 0.05 : 0.5))
      const start = begin(settingsFor(scenario), here.history)
      // Once for the compiler; only then is time taken.
      if (blocks === 0) for (let k = 0; k < 20; k += 1) judgeAll(start, recorded)
      const began = process.threadCpuUsage()
      const states = judgeAll(start, recorded)
      microseconds += process.threadCpuUsage(began).user
      let saved = JSON.stringify(start)
      recorded.forEach((block, k) => {
        saved = JSON.stringify(judge(JSON.parse(saved) as State, block).state)
        if (saved !== JSON.stringify(states[k])) different += 1
        bytes = Math.max(bytes, saved.length)
      })
      blocks += recorded.length
    }
  }
  return { blocks, different, bytes, microseconds: microseconds / blocks }
}

function judgeAll(start: State, blocks: readonly Block[]): readonly State[] {
  const states: State[] = []
  for (const block of blocks) states.push(judge(states.at(-1) ?? start, block).state)
  return states
}

export { ours }

function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other)
  const middle = (sorted.length - 1) / 2
  const [low = NaN, high = NaN] = [sorted[Math.floor(middle)], sorted[Math.ceil(middle)]]
  return low === high ? low : (low + high) / 2
}
