import type { At, Cluster, DryRun, KubeObject } from '@alt-las/kubernetes'

export interface Cost {
  readonly calls: number
  readonly writes: number
  /** Of answers and watched events, as JSON. */
  readonly bytes: number
}

/** The same cluster, with every call and everything that it answers counted. */
export function counting(cluster: Cluster & DryRun): {
  readonly cluster: Cluster & DryRun
  readonly cost: () => Cost
} {
  let calls = 0
  let writes = 0
  let bytes = 0
  const received = <T>(answer: T): T => {
    bytes += JSON.stringify(answer ?? null).length
    return answer
  }
  const read = async <T>(work: () => Promise<T>): Promise<T> => {
    calls += 1
    return received(await work())
  }
  const write = <T>(work: () => Promise<T>): Promise<T> => {
    writes += 1
    return read(work)
  }
  return {
    cost: () => ({ calls, writes, bytes }),
    cluster: {
      get: <T extends KubeObject>(at: At) => read(() => cluster.get<T>(at)),
      list: <T extends KubeObject>(at: At) => read(() => cluster.list<T>(at)),
      watch: async function* <T extends KubeObject>(at: At, signal: AbortSignal) {
        calls += 1
        for await (const seen of cluster.watch<T>(at, signal)) yield received(seen)
      },
      may: (permissions) => read(() => cluster.may(permissions)),
      log: (at, options) => read(() => cluster.log(at, options)),
      dryRun: (object, manager) => read(() => cluster.dryRun(object, manager)),
      apply: (object, manager, limit) => write(() => cluster.apply(object, manager, limit)),
      patch: <T extends KubeObject>(...call: Parameters<Cluster['patch']>) =>
        write(() => cluster.patch<T>(...call)),
      remove: (at, only, limit) => write(() => cluster.remove(at, only, limit)),
    },
  }
}
