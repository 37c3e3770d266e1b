import type { Block } from '@alt-las/judge'
import type { Deployment } from '@alt-las/kubernetes'
import type { FakeCluster } from '@alt-las/simulated-cluster'
import type { Clock } from '@alt-las/time'
import type { Scrapes } from '../model/metrics.ts'
import { strategyOf } from '../strategies/strategies.ts'
import { isCanary, readyBehind } from './oracle/pods.ts'
import { audienceShares, canaryShares } from './oracle/routes.ts'

export interface Visitors {
  /** Requests per second over both versions, now. */
  readonly rps: () => number
  /** Error rate of an image, 0..1. */
  readonly errors: (image: string) => number
  /** The audience's share of all requests, 0..1, while it has rules of its own. */
  readonly audience: () => number
}

/** Blocks of five seconds out of the weights and the error rates of the images. */
export function traffic(cluster: FakeCluster, { rps, errors, audience }: Visitors, clock: Clock): Scrapes {
  const imageOf = (name: string) =>
    cluster.peek<Deployment>({ apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name })?.spec
      .template.spec.containers[0]?.image ?? ''
  const arm = (requests: number, deployment: string) => {
    const whole = Math.round(requests)
    return { requests: whole, errors: Math.round(whole * errors(imageOf(deployment))) }
  }
  return {
    history: () => Promise.resolve({ blocks: past(clock.now(), rps() * 5), counted: 'gateway' }),
    next: async (plan, from, { weight }) => {
      await clock.sleep(5000)
      if (from === null) return { kind: 'start', readTo: clock.now() }
      const all = canaryShare(cluster, plan.service)
      const share = audienceShares(cluster, plan.service).length === 0 ? all : all + (1 - all) * audience()
      const total = rps() * 5
      const canary = arm(total * share, `${plan.deployment}-canary`)
      // After a switch of all traffic the other arm is the old version before it.
      const stable = arm(
        strategyOf(plan).traffic === 'at-once' ? total : total * (1 - share),
        plan.deployment,
      )
      const block = { from, to: clock.now(), canary, stable, weight: weight === null ? null : weight / 100 }
      return { kind: 'block', block }
    },
  }
}

/** Three minutes with stable alone, without an error. */
const past = (now: number, requests: number): readonly Block[] =>
  Array.from({ length: 36 }, (_, i) => {
    const to = now - (35 - i) * 5000
    const canary = { requests: 0, errors: 0 }
    return { from: to - 5000, to, weight: null, canary, stable: { requests, errors: 0 } }
  })

/** The route's share for the canary's Service, and the share of canary pods behind stable's Service. */
function canaryShare(cluster: FakeCluster, service: string): number {
  const byRoute = Math.max(0, ...canaryShares(cluster, service)) / 100
  const ready = readyBehind(service, cluster)
  return byRoute + (ready.length === 0 ? 0 : (1 - byRoute) * (ready.filter(isCanary).length / ready.length))
}
