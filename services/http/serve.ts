import { randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { hostname } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Dependency } from './dependency.ts'
import { listener } from './listener.ts'
import type { Log } from './log.ts'
import { metrics, type Identity } from './metrics.ts'
import { probes } from './probes.ts'
import type { Route } from './route.ts'
import { stop, type StopPlan } from './stop.ts'

export interface Service {
  readonly identity: Identity
  readonly imageDigest: string | null
  readonly routes: readonly Route[]
  readonly dependencies: readonly Dependency[]
  readonly log: Log
  /** Lines of `/metrics` that only this service has. */
  readonly exposes?: () => readonly string[]
}

export interface Running {
  readonly port: number
  /** Drains and stops; resolves when the last request has been answered or cut. */
  readonly stop: (plan: StopPlan) => Promise<void>
}

/** Longer than any gateway's idle timeout (Traefik: 90 s): who closes first must never be the side that gets a request. */
export const keepAliveMs = 120_000

/** Serves until `stop`. `port` 0 takes a free one; `pause` waits the given milliseconds. */
export async function serve(
  service: Service,
  port: number,
  pause: (ms: number) => Promise<void> = (ms) => sleep(ms, undefined, { ref: false }),
): Promise<Running> {
  let stopping = false
  const isStopping = (): boolean => stopping
  const measured = metrics(
    service.identity,
    { startedAt: Date.now() / 1000, pod: hostname() },
    service.exposes,
  )
  const routes = [...probes({ ...service, metrics: measured, stopping: isStopping }), ...service.routes]
  const now = (): number => performance.now() / 1000
  const server = createServer(
    listener(routes, { metrics: measured, log: service.log, now, newId: randomUUID, stopping: isStopping }),
  )
  server.keepAliveTimeout = keepAliveMs
  server.requestTimeout = 30_000
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, resolve))
  const bound = (server.address() as AddressInfo).port
  service.log.info('listening', { port: bound })
  return {
    port: bound,
    stop(plan) {
      stopping = true
      return stop(server, plan, { sleep: pause, log: (message) => service.log.info(message) })
    },
  }
}
