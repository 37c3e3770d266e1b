import type { At, Cluster, DryRun, KubeObject } from '@alt-las/kubernetes'

export interface Pausable {
  readonly cluster: Cluster & DryRun
  /** Resolves when the runner stands before its write. */
  readonly paused: Promise<void>
  readonly wake: () => void
  /** Writes so far. */
  readonly count: () => number
}

/** A cluster for one runner that stands still before its write number `at`, as if its machine slept, until it is woken up. */
export function pausable(cluster: Cluster & DryRun, at: number): Pausable {
  let count = 0
  let tellPaused = (): void => undefined
  let wake = (): void => undefined
  const paused = new Promise<void>((resolve) => (tellPaused = resolve))
  const woken = new Promise<void>((resolve) => (wake = resolve))
  const write = async <T>(operation: () => Promise<T>): Promise<T> => {
    count += 1
    if (count === at) {
      tellPaused()
      await woken
    }
    return operation()
  }
  return {
    paused,
    wake,
    count: () => count,
    cluster: {
      ...cluster,
      apply: (object, manager) => write(() => cluster.apply(object, manager)),
      patch: <T extends KubeObject>(place: At, operations: Parameters<Cluster['patch']>[1]) =>
        write(() => cluster.patch<T>(place, operations)),
      remove: (place, only) => write(() => cluster.remove(place, only)),
    },
  }
}
