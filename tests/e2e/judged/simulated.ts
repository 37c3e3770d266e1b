import { begin, firstWeight, judge, type Settings } from '@alt-las/judge'
import type { Fault } from '../../../benchmarks/judge/scenario.ts'
import { world } from '../../../benchmarks/judge/world.ts'

/** What the simulation says of rollouts in the world of this case. */
export interface Simulated {
  /** Requests that failed or never ended until the decision: median, and 95 of 100 rollouts at most. */
  readonly failed: number
  readonly mostFailed: number
  /** Median, in seconds, until the decision. */
  readonly seconds: number
}

const rollouts = 200
/** As canary-deploy asks the judge behind this gateway: tenths of a percent, two scrapes of 5 s and as long for the gateway. */
const settings: Settings = {
  risk: 0.01,
  errorMargin: 1.2,
  latencyMargin: 1.1,
  horizon: 540,
  bake: 10_000,
  dispersion: null,
  expectTraffic: true,
  weights: { kind: 'auto', least: 0.001, reaction: 15_000 },
}

/** Many rollouts of a version with these faults in the benchmark's world, beside a stable one without errors; a minute of history. */
export function simulated(faults: readonly Fault[], rps: number): Simulated {
  const endings = Array.from({ length: rollouts }, (_, i) => one(faults, rps, i))
  const of = (values: readonly number[], share: number) =>
    values.toSorted((a, b) => a - b)[Math.floor(values.length * share)] ?? NaN
  const failed = endings.map((ending) => ending.failed)
  return {
    failed: of(failed, 0.5),
    mostFailed: of(failed, 0.95),
    seconds: of(
      endings.map(({ seconds }) => seconds),
      0.5,
    ),
  }
}

function one(faults: readonly Fault[], rps: number, index: number) {
  const here = world({ name: 'lab', truth: 'bad', rps, base: 0, canary: faults }, 1, index)
  let state = begin(settings, here.history.slice(-12))
  let weight = firstWeight(state)
  for (;;) {
    const block = here.next(weight)
    const { state: next, verdict } = judge(state, block)
    state = next
    if (verdict.kind === 'continue') weight = verdict.weight
    else if (verdict.kind !== 'hold') return { failed: here.failed(), seconds: block.to / 1000 }
  }
}
