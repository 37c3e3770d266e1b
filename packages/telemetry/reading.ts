import { Failure, describe } from '@alt-las/failure'
import type { ScrapeBlock } from './blocks.ts'

/** One look at the metrics. None but `block` says anything about health, and no sentence here calls a version healthy. */
export type Reading =
  /** The first look: blocks begin at `at`. */
  | { readonly kind: 'start'; readonly at: number }
  | { readonly kind: 'block'; readonly block: ScrapeBlock }
  /** No scrape since the last look: look again. */
  | { readonly kind: 'waiting'; readonly because: string }
  | Blind

/** The source cannot be used now; `lasting` where time alone will not heal it. */
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

/** What went wrong while the source was asked. */
export function blindBy(error: unknown): Blind {
  const code = error instanceof Failure ? error.code : ''
  if (code === 'metrics-ambiguous') return blind('ambiguous', describe(error), true)
  const refused = ['metrics-refused', 'metrics-unreadable', 'forbidden', 'not-found'].includes(code)
  return blind(refused ? 'refused' : 'unreachable', `there are no metrics: ${describe(error)}`, refused)
}
