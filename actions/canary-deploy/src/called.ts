import type { Plan } from './plan.ts'

/** What people call the two versions; the objects have the same names in every strategy. */
export interface Called {
  /** `the canary`, `green`. */
  readonly fresh: string
  /** `the canary's`, `green's`. */
  readonly freshOnes: string
  /** Before a noun: `canary`, `green`. */
  readonly name: string
  /** `stable`, `blue`. */
  readonly old: string
  /** `stable's`, `blue's`. */
  readonly oldOnes: string
}

export const called = ({ strategy }: Pick<Plan, 'strategy'>): Called =>
  strategy === 'blue-green'
    ? { fresh: 'green', freshOnes: "green's", name: 'green', old: 'blue', oldOnes: "blue's" }
    : {
        fresh: 'the canary',
        freshOnes: "the canary's",
        name: 'canary',
        old: 'stable',
        oldOnes: "stable's",
      }
