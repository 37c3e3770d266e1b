// Answers that several phases give alike: capacity first, watchdog first, still undecided, wait until it is quiet.
import type { Cause } from '@alt-las/workload-health'
import type { Decision, Effect, Enter } from '../../model/effects.ts'
import type { Phase } from '../../model/phase.ts'
import type { Baseline } from '../../model/rollout.ts'

export const act = (effect: Effect, because: string): Decision => ({ kind: 'do', effect, because })
export const enterPhase = (phase: Phase, because: string, baseline?: Baseline): Enter => ({
  kind: 'enter',
  phase,
  because,
  ...(baseline === undefined ? {} : { baseline }),
})
export const wait = (because: string): Decision => ({ kind: 'wait', because })

/** `cause`: why the pods cannot run, for the outcome document. */
export const revert = (because: string, cause?: Cause): Decision => ({
  ...enterPhase({ kind: 'revert' }, because),
  ...(cause === undefined ? {} : { cause }),
})

/** The weight that takes all traffic off the canary. */
export const withdraw = (stable: string | null, because: string): Decision =>
  act({ kind: 'weight', percent: 0, stable }, because)
export const halt = (because: string): Decision => ({ kind: 'stop', why: 'halted', because })
