import { factsOf, type Rollout } from '@alt-las/rollout'

export interface Needing {
  readonly deployment: string
  readonly needs: readonly string[]
}

/** The order in which several targets go back: each after those that need it have no traffic of the release any more. */
export interface WayBack {
  /** Resolves when it may go back. */
  turn(deployment: string): Promise<void>
  /** A rollout back, at each of its decisions. */
  follow(rollout: Rollout): void
  /** It is back, or can do no more. */
  over(deployment: string): void
}

export function wayBack(targets: readonly Needing[]): WayBack {
  const back = new Map(targets.map(({ deployment }) => [deployment, Promise.withResolvers<void>()]))
  const over = (deployment: string): void => back.get(deployment)?.resolve()
  return {
    turn: async (deployment) => {
      const needing = targets.filter(({ needs }) => needs.includes(deployment))
      await Promise.all(needing.map((one) => back.get(one.deployment)?.promise))
    },
    follow: ({ plan, phase }) => {
      // From here all its traffic is on the version that it returns to.
      if (plan.kind === 'rollback' && factsOf(phase).wayBack === 'forward') over(plan.deployment)
    },
    over,
  }
}

/** Those that need others first, so that none waits for one that has not begun. */
export function inOrderOfReturn<T>(items: readonly T[], facts: (item: T) => Needing): readonly T[] {
  const ordered: T[] = []
  const visiting = new Set<T>()
  const add = (item: T): void => {
    // Two releases may have needed each other's targets: then their order does not matter.
    if (visiting.has(item)) return
    visiting.add(item)
    const { deployment } = facts(item)
    for (const other of items) if (facts(other).needs.includes(deployment)) add(other)
    ordered.push(item)
  }
  items.forEach(add)
  return ordered
}
