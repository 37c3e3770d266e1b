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

export interface PracticeFinding {
  readonly rule: Rule
  readonly message: string
  /** 1-based line of the Dockerfile. */
  readonly line: number
}

/** A rule that could not be judged at a line, and why. It neither holds nor fails. */
export interface Unjudged {
  readonly rule: Rule
  /** Follows `could not be judged, because`. */
  readonly because: string
  readonly line: number
}

/** The result of the practice rules for a Dockerfile and its image. */
export interface Practice {
  readonly findings: readonly PracticeFinding[]
  readonly unjudged: readonly Unjudged[]
}
