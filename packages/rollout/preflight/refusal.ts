// Problems that would end a rollout half-way, found before its first write: pure functions from observations to refusals.

/** One problem and its remedy: together one sentence. */
export interface Refusal {
  readonly what: string
  readonly remedy: string
}

export const sentenceOf = ({ what, remedy }: Refusal): string => `${what}: ${remedy}`

/** `3 pods`, `1 pod`. */
export const counted = (count: number, name: string): string => `${count} ${name}${count === 1 ? '' : 's'}`
