import type { Block } from '@alt-las/judge'
import type { Scenario } from './scenario.ts'

/** A rule that sees blocks and sets weights; one per rollout. */
export interface Policy {
  /** For the next block, 0..1. */
  readonly weight: number
  /** After each block; `bad` is a rollback. */
  see(block: Block): 'go' | 'bad' | 'good' | 'undecided'
  /** Seconds until it was ready to promote but for the bake; null before. */
  readonly provenAt?: number | null
  readonly because?: string
  /** All traffic is on the canary: how often it was compared with stable since. null or absent before. */
  readonly compared?: number | null
}

/** What is known before the canary comes. */
export interface Past {
  /** Of the rollout's luck: the same for every rule. */
  readonly seeds: readonly [number, number]
  /** Stable alone, oldest first; made when it is asked for. */
  readonly history: readonly Block[]
}

export type Rule = (scenario: Scenario, past: Past) => Policy
