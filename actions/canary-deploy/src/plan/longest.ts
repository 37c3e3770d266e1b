import type { Given } from '../given.ts'

/** What a short rollout gets, too, in ms. */
const leastMs = 3_600_000
/** A suspicion in the rollback window is cleared within so long, in ms. */
const comparisonMs = 600_000
/** Pods get ready for the new version, for the workload itself, and after a way back. */
const starts = 3

/** How long a rollout can last that ends by itself, in ms: less would take a healthy one back. */
export function longestMs({ audience, maxDuration, rollbackWindow, readyTimeout }: Times): number {
  const windowMs = rollbackWindow.ms === 0 ? 0 : rollbackWindow.ms + comparisonMs
  return Math.max(leastMs, (audience?.holdMs ?? 0) + maxDuration + windowMs + starts * readyTimeout)
}

type Times = Pick<Given, 'audience' | 'maxDuration' | 'rollbackWindow' | 'readyTimeout'>

/** One target of a release. */
export interface Timed {
  readonly deployment: string
  readonly needs: readonly string[]
  readonly timeoutMs: number
}

/** The same of a release: its targets begin after those that they need. They are in the order of their needs. */
export function longestOf(targets: readonly Timed[]): number {
  const ends = new Map<string, number>()
  for (const { deployment, needs, timeoutMs } of targets)
    ends.set(deployment, timeoutMs + Math.max(0, ...needs.map((name) => ends.get(name) ?? 0)))
  return Math.max(leastMs, ...ends.values())
}
