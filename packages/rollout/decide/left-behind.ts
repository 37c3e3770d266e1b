import type { Rollout } from '../model/rollout.ts'

/** What a rollout that went back has written and leaves; null where everything is as it was before. Copies of configuration are cleared away. */
export function leftBehind({ plan, written = [] }: Rollout): string | null {
  const copies = new Set(plan.configs.map(({ kind, versioned }) => `${kind} ${plan.namespace}/${versioned}`))
  const left = written.filter((title) => !copies.has(title))
  if (left.length === 0) return null
  return `${plan.workload} and traffic are as they were before; written and left: ${left.join('; ')}`
}
