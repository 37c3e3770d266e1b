import { begin, judge, type Block, type Settings, type Verdict } from '@alt-las/judge'
import type { Policy } from './policy.ts'
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

/** This project's judge, as canary-deploy asks it. */
export function ours(scenario: Scenario, history: readonly Block[]): Policy {
  let state = begin(settingsFor(scenario), history)
  let weight = scenario.weight ?? firstWeight()
  let because = ''
  function firstWeight(): number {
    // A block without a canary asks for the first weight.
    const idle = history.at(-1) ?? emptyBlock
    const { verdict } = judge(state, { ...idle, weight: 0 })
    return verdict.kind === 'continue' ? verdict.weight : (scenario.least ?? 0.01)
  }
  return {
    get weight() {
      return weight
    },
    get provenAt() {
      return state.provenAt === null ? null : state.provenAt / 1000
    },
    get because() {
      return because
    },
    see: (block) => {
      const answer = judge(state, block)
      state = answer.state
      because = answer.verdict.because
      if (answer.verdict.kind === 'continue') weight = scenario.weight ?? answer.verdict.weight
      return said[answer.verdict.kind]
    },
  }
}

const said = {
  continue: 'go',
  hold: 'go',
  'roll-back': 'bad',
  ready: 'good',
  undecided: 'undecided',
} as const satisfies Record<Verdict['kind'], string>

const emptyBlock: Block = {
  from: 0,
  to: 1000 * blockSeconds,
  canary: { requests: 0, errors: 0 },
  stable: { requests: 0, errors: 0 },
  weight: 0,
}
