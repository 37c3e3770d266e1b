import { expect, test } from '@jest/globals'
import { decide } from '../decide/decide.ts'
import type { Decision } from '../model/effects.ts'
import type { Observation } from '../model/observation.ts'
import type { Phase } from '../model/phase.ts'
import type { Rollout } from '../model/rollout.ts'
import { rollout, observation } from './facts.ts'

/** The essence of a decision: `do weight 0`, `enter revert`, `wait`, `stop halted`. */
function brief(decision: Decision): string {
  switch (decision.kind) {
    case 'do': {
      const { kind, ...rest } = decision.effect
      return ['do', kind, ...Object.values(rest).map(String)].join(' ')
    }
    case 'enter':
      return `enter ${decision.phase.kind}${decision.phase.kind === 'step' ? ` ${decision.phase.index}` : ''}`
    case 'stop':
      return `stop ${decision.why}`
    case 'measure':
    case 'smoke':
    case 'wait':
    case 'finish':
      return decision.kind
  }
}

export type Row = readonly [
  name: string,
  seen: Partial<Observation>,
  expected: string,
  state?: Partial<Rollout>,
]

/** One test per row: the decision in this phase for an observation that differs from the usual facts. */
export function decisions(phase: Phase, rows: readonly Row[]): void {
  test.each(rows)('%s', (_name, seen, expected, state = {}) => {
    expect(brief(decide({ ...rollout, phase, ...state }, { ...observation, ...seen }))).toBe(expected)
  })
}
