import type { Unfinished } from '@alt-las/rollout'
import type { Ports } from '../ports.ts'

/** The unfinished targets of this step, saved as text at each change: the step may be killed at any time. */
export function unfinishedTargets(keep: (text: string) => void): NonNullable<Ports['unfinished']> {
  let open: readonly Unfinished[] = []
  return (target, state) => {
    const others = open.filter(
      (one) => one.namespace !== target.namespace || one.deployment !== target.deployment,
    )
    open = state === 'begun' ? [...others, target] : others
    keep(JSON.stringify(open))
  }
}

/** Reads it back; foreign text counts as empty. */
export function parseUnfinished(text: string): readonly Unfinished[] {
  try {
    const value: unknown = JSON.parse(text)
    return Array.isArray(value) ? (value as readonly Unfinished[]) : []
  } catch {
    return []
  }
}
