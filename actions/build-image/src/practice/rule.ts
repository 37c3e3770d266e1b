/** The practice rules, by the names that waivers use. */
export const rules = [
  'non-root-user',
  'healthcheck',
  'pinned-base',
  'add-url',
  'secret-in-env',
  'exec-form',
] as const

export type Rule = (typeof rules)[number]

export interface Finding {
  readonly rule: Rule
  readonly message: string
  /** 1-based line of the Dockerfile. */
  readonly line: number
}
