import type { Left } from '@alt-las/rollout'
import type { Ports } from '../ports.ts'

/** What this step has begun and not ended, kept as text at each change: the step may be killed at any time. */
export function leftTargets(keep: (text: string) => void): NonNullable<Ports['leaves']> {
  let open: readonly Left[] = []
  return (target, state) => {
    const others = open.filter(
      (one) => one.namespace !== target.namespace || one.deployment !== target.deployment,
    )
    open = state === 'begun' ? [...others, target] : others
    keep(JSON.stringify(open))
  }
}

/** Reads it back; text that is not ours is nothing. */
export function parseLeft(text: string): readonly Left[] {
  try {
    const value: unknown = JSON.parse(text)
    return Array.isArray(value) ? (value as readonly Left[]) : []
  } catch {
    return []
  }
}
