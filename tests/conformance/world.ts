import { Failure } from '@alt-las/failure'
import type { At, Cluster, DryRun, KubeObject } from '@alt-las/kubernetes'
import { until, type Clock } from '@alt-las/time'

/** One API server, real or simulated, with a namespace to ourselves. */
export interface World {
  readonly cluster: Cluster & DryRun
  readonly clock: Clock
  readonly namespace: string
}

/** One line of the script: what is done, and what the server answers to it. Both servers must answer alike. */
export interface Step {
  readonly name: string
  run(world: World): Promise<unknown>
}

/** A chapter; its objects have names of their own, so that chapters may run side by side. */
export interface Case {
  readonly name: string
  readonly steps: readonly Step[]
}

/** The answer, or the code of the Failure. */
export async function answer(operation: () => Promise<unknown>): Promise<unknown> {
  try {
    return await operation()
  } catch (error) {
    if (error instanceof Failure) return { failure: error.code }
    throw error
  }
}

/** Looks until there is something to see, for two minutes at most. */
export function awaited<T>(what: string, world: World, look: () => Promise<T | null>): Promise<T> {
  return until(look, { what, timeoutMs: 120_000, everyMs: 500 }, world.clock)
}

/** Absent, at last. */
export const gone = (at: At, world: World): Promise<true> =>
  awaited(`${at.kind} ${at.name ?? ''} to go`, world, async () =>
    (await world.cluster.get(at)) === null ? true : null,
  )

export const place = (apiVersion: string, kind: string, { namespace }: World, name?: string): At => ({
  apiVersion,
  kind,
  namespace,
  ...(name === undefined ? {} : { name }),
})

/** An object of this namespace. */
export const object = (apiVersion: string, kind: string, metadata: object, rest: object = {}) => {
  return (world: World): KubeObject =>
    ({ apiVersion, kind, metadata: { namespace: world.namespace, ...metadata }, ...rest }) as KubeObject
}
