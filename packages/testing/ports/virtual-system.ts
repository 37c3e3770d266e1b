import type { Clock } from '@alt-las/time'

export interface VirtualSystem {
  /** Requests that it works on at once; may be changed while it runs. */
  workers: number
  /** Of one request, in ms. */
  serviceMs: number
  /** Resolves when the request has had its turn and is done. */
  serve(): Promise<void>
}

/** A system with a known capacity: `workers / serviceMs` requests per ms; what is more must wait in line. */
export function virtualSystem(
  clock: Clock,
  { workers, serviceMs }: Pick<VirtualSystem, 'workers' | 'serviceMs'>,
): VirtualSystem {
  const freeAt: number[] = []
  const system: VirtualSystem = {
    workers,
    serviceMs,
    serve: async () => {
      const now = clock.elapsed()
      freeAt.sort((a, b) => a - b)
      freeAt.splice(system.workers)
      while (freeAt.length < system.workers) freeAt.unshift(now)
      const end = Math.max(now, freeAt[0] ?? now) + system.serviceMs
      freeAt[0] = end
      await clock.sleep(end - now)
    },
  }
  return system
}
