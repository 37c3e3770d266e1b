import type { Rollout } from '../model/rollout.ts'

/** The objects that a rolled back rollout leaves; null = none. Copies of configuration are removed. */
export function leftBehind({ plan, written = [] }: Rollout): string | null {
  const copies = new Set(plan.configs.map(({ kind, versioned }) => `${kind} ${plan.namespace}/${versioned}`))
  const left = written.filter((title) => !copies.has(title))
  if (left.length === 0) return null
  return `${plan.workload} and traffic are restored; written objects that stay: ${left.join('; ')}`
}
