import { judge, type Verdict } from '@alt-las/judge'
import type { Past, Policy } from './policy.ts'
import type { Scenario } from './scenario.ts'
import { startOf } from './start.ts'

/** This project's judge, as canary-deploy asks it. */
export function ours(scenario: Scenario, past: Past): Policy {
  const start = startOf(scenario, past)
  let { state } = start
  let weight = scenario.weight ?? start.weight
  let because = ''
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
