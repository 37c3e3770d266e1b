import { Failure } from '@alt-las/failure'
import type { At, Cluster, DryRun, KubeObject } from '@alt-las/kubernetes'

/**
 * What befalls the write number `at`: its runner dies before it is made, or after it was committed and before the answer came; or the
 * API server refuses it, or commits it and cannot say so, and the runner lives on.
 */
export interface Death {
  readonly at: number
  readonly when: 'before' | 'after' | 'refused' | 'unanswered'
}

export interface Mortal {
  readonly cluster: Cluster & DryRun
  /** Calls made so far, reads left out where `writesOnly` counts. */
  readonly count: () => number
}

export const killed = new Error('killed')

/** A cluster for one runner that dies at one of its writes; nothing it does afterwards reaches the cluster. */
export function mortal(cluster: Cluster & DryRun, death: Death | null): Mortal {
  let count = 0
  let dead = false
  const read = async <T>(work: () => Promise<T>): Promise<T> => {
    if (dead) throw killed
    return work()
  }
  const write = async <T>(work: () => Promise<T>): Promise<T> => {
    if (dead) throw killed
    count += 1
    const last = death !== null && count === death.at
    if (last && death.when === 'refused')
      throw new Failure('forbidden', 'the API server refuses it', { fault: 'outside' })
    dead = last && death.when !== 'unanswered'
    if (last && death.when === 'before') throw killed
    const answer = await work()
    if (last && death.when === 'unanswered')
      throw new Failure('timeout', 'the API server did not answer', { fault: 'outside' })
    if (dead) throw killed
    return answer
  }
  return {
    count: () => count,
    cluster: {
      get: <T extends KubeObject>(at: At) => read(() => cluster.get<T>(at)),
      list: <T extends KubeObject>(at: At) => read(() => cluster.list<T>(at)),
      watch: (at, signal) => cluster.watch(at, signal),
      may: (permissions) => read(() => cluster.may(permissions)),
      log: (at, options) => read(() => cluster.log(at, options)),
      dryRun: (object, manager) => read(() => cluster.dryRun(object, manager)),
      apply: (object, manager) => write(() => cluster.apply(object, manager)),
      patch: <T extends KubeObject>(at: At, operations: Parameters<Cluster['patch']>[1]) =>
        write(() => cluster.patch<T>(at, operations)),
      remove: (at, only) => write(() => cluster.remove(at, only)),
    },
  }
}
