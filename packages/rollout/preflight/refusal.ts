// What would end a rollout half-way, found before its first write: pure functions from what was observed to a list of refusals.

/** One thing that is in the way, and what to do about it: together one sentence. */
export interface Refusal {
  readonly what: string
  readonly remedy: string
}

export const sentenceOf = ({ what, remedy }: Refusal): string => `${what}: ${remedy}`

/** `3 pods`, `1 pod`. */
export const counted = (count: number, name: string): string => `${count} ${name}${count === 1 ? '' : 's'}`
