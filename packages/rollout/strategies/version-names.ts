import type { Plan } from '../model/plan.ts'

/** What people call the two versions; the objects have the same names in every strategy. */
export interface Called {
  /** As the subject of a sentence. */
  readonly fresh: 'the canary' | 'green'
  /** Before a noun, or as a heading. */
  readonly name: 'canary' | 'green'
  readonly old: 'stable' | 'blue'
}

export const called = ({ strategy }: Pick<Plan, 'strategy'>): Called =>
  strategy === 'blue-green'
    ? { fresh: 'green', name: 'green', old: 'blue' }
    : { fresh: 'the canary', name: 'canary', old: 'stable' }
