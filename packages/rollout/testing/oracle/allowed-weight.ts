import type { SavedState } from './state.ts'

/** The highest share of the canary that the saved phase allows, in percent; null for a phase that this table does not know. */
export function allowedWeight({ phase, plan }: Pick<SavedState, 'phase' | 'plan'>): number | null {
  const most = allowed[phase.kind]
  if (most !== 'own') return most ?? null
  if (phase.kind === 'step') return phase.weight ?? null
  if (typeof phase.at === 'number') return plan.steps[phase.at]?.weight ?? 0
  return phase.at === 'warm' ? 100 : 0
}

/** The phases in which the rules of an audience may be there: one that takes them off has them until its first write. */
export const mayHaveAudience: ReadonlySet<string> = new Set([
  'audience',
  'step',
  'paused',
  'promote-traffic',
  'revert',
])

/** Written again, independent of the product's table that it checks. */
const allowed: Readonly<Record<string, number | 'own'>> = {
  apply: 0,
  'pre-deploy': 0,
  install: 0,
  prepare: 0,
  smoke: 0,
  roll: 0,
  done: 0,
  audience: 0,
  step: 'own',
  paused: 'own',
  // Weight only leaves the canary here; the phase before allowed it.
  revert: 100,
  'promote-clean': 100,
  'promote-traffic': 100,
  warm: 100,
  // The old version gets a part of the traffic back after the phase is saved.
  compare: 100,
  'promote-stable': 100,
  'promote-return': 100,
}
