import type { FakeCluster } from '@alt-las/simulated-cluster'
import { readyBehind } from './pods.ts'
import { type RoutedRule, routedRules } from './routes.ts'

/** Requests that find no pod, over a stretch of virtual time. */
export interface Losses {
  /** Seconds in which requests were lost, of whatever share. */
  readonly seconds: number
  /** The same times the share that was lost: at 1 request a second so many of them. */
  readonly requests: number
  /** The share that is lost now, 0..1. */
  readonly now: number
  /** The sentence of the first loss; null = none. */
  readonly first: string | null
}

/**
 * Follows the requests of users through the routes and of callers inside the cluster: one is lost where it meets a Service without a ready pod. A share
 * counts as long as nothing is written: whatever is mended in the same instant loses nothing. Nothing is lost before the service has served.
 */
export function watchLosses(cluster: FakeCluster, elapsed: () => number, service = 'web') {
  let hasServed = lostShare(cluster, service) === 0
  let share = 0
  let since = elapsed()
  let [seconds, requests] = [0, 0]
  let first: string | null = null
  const add = (): void => {
    const passed = (elapsed() - since) / 1000
    since = elapsed()
    if (share === 0 || passed === 0) return
    seconds += passed
    requests += passed * share
    first ??= `${Math.round(100 * share)}% of the requests after ${reason}`
  }
  let reason = ''
  return {
    /** To be called after each write. */
    wrote: (what: string): void => {
      add()
      const now = lostShare(cluster, service)
      hasServed ||= now === 0
      if (!hasServed) return
      if (now > share) reason = what
      share = now
    },
    losses: (): Losses => {
      add()
      return { seconds, requests, now: share, first }
    },
  }
}

/** Of the worst off: users of the worst rule, and callers inside the cluster. 0..1. */
function lostShare(cluster: FakeCluster, service: string): number {
  const rules = routedRules(cluster).filter(({ refs }) =>
    refs.some(({ name }) => name === service || name === `${service}-canary`),
  )
  const inside = readyBehind(service, cluster).length === 0 ? 1 : 0
  return Math.max(inside, ...rules.map((rule) => lostOf(rule, cluster)))
}

function lostOf({ refs, isWhole }: RoutedRule, cluster: FakeCluster): number {
  const weighed = refs.map(({ name, weight = 1 }) => ({
    weight,
    isDown: readyBehind(name, cluster).length === 0,
  }))
  const total = weighed.reduce((sum, { weight }) => sum + weight, 0)
  if (total === 0) return 1
  // Traefik drops a rule of its own kinds with any backend that is down.
  if (isWhole) return weighed.some(({ isDown }) => isDown) ? 1 : 0
  return weighed.reduce((sum, { weight, isDown }) => sum + (isDown ? weight : 0), 0) / total
}
