import { Failure, describe } from '@alt-las/failure'
import type { ScrapeBlock } from './blocks.ts'

/** One reading of the metrics. Only `block` is evidence about health, and no sentence here calls a version healthy. */
export type Reading =
  /** The first reading: blocks begin at `at`. */
  | { readonly kind: 'start'; readonly at: number }
  | { readonly kind: 'block'; readonly block: ScrapeBlock }
  /** No scrape since the last reading: read again. */
  | { readonly kind: 'waiting'; readonly because: string }
  | Blind

/** The source cannot be used now; `lasting` if waiting will not help. */
export interface Blind {
  readonly kind: 'blind'
  readonly why: 'unreachable' | 'refused' | 'empty' | 'not-a-number' | 'ambiguous' | 'stale'
  readonly because: string
  readonly lasting: boolean
}

export const blind = (why: Blind['why'], because: string, lasting: boolean): Blind => ({
  kind: 'blind',
  why,
  because,
  lasting,
})

/** The error of a query, as a reading. */
export function blindBy(error: unknown): Blind {
  const code = error instanceof Failure ? error.code : ''
  if (code === 'metrics-ambiguous') return blind('ambiguous', describe(error), true)
  const refused = ['metrics-refused', 'metrics-unreadable', 'forbidden', 'not-found'].includes(code)
  return blind(refused ? 'refused' : 'unreachable', `there are no metrics: ${describe(error)}`, refused)
}
