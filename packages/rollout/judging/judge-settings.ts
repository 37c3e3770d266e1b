import type { Block, Names, Settings, Weights } from '@alt-las/judge'
import type { Past } from '../model/metrics.ts'
import type { Plan } from '../model/plan.ts'
import { strategyOf, versionNames } from '../strategies/strategies.ts'

export const nothingKnown: Past = { blocks: [], counted: 'gateway' }

/** Assumed distance of two scrapes without a history, in ms. */
const usualBlockMs = 5000

/** Time from a decision until a gateway has the new weight: Traefik collects changes for up to two seconds. */
const actuationMs = 2000
const [leastBlockMs, mostBlockMs] = [1000, 60_000]

/** Routers write tenths of a percent; Istio whole ones. */
const least = (router: Plan['router']): number => (router === 'istio' ? 0.01 : 0.001)

/** Longest time in which the judge may decide: with the audience, and in the steps. */
export const judgedTimeMs = ({ judging, audience }: Plan): number =>
  judging.maxDurationMs + (audience?.holdMs ?? 0)

/** The judge's settings for this plan. */
export function settingsOf(plan: Plan, past: Past, { sticky }: { readonly sticky: boolean }): Settings {
  const { judging } = plan
  const { traffic } = strategyOf(plan)
  const blockMs = blockMsOf(past.blocks)
  return {
    risk: judging.risk,
    errorMargin: judging.errorMargin,
    latencyMargin: judging.latencyMargin,
    horizon: Math.max(1, Math.ceil(judgedTimeMs(plan) / blockMs)),
    // The soak after a blue-green switch is counted from the switch.
    bake: traffic === 'at-once' ? 0 : judging.bakeMs,
    dispersion: null,
    expectTraffic: past.counted === 'gateway' && followsWeight(plan) && !sticky,
    weights: weightsOf(plan, blockMs),
    ...(traffic === 'at-once' && { names: afterSwitch(plan) }),
  }
}

/** After the switch blue has no traffic: green is compared with blue before it. */
function afterSwitch(plan: Plan): Names {
  const { name, old } = versionNames(plan)
  return { canary: name, stable: old, when: 'before the switch' }
}

/** Whether a share of the requests far below the weight can only mean lost requests. */
function followsWeight({ router, route, strategy }: Plan): boolean {
  // Pods are split by connection; other rules than the named one send to stable as well.
  return (
    strategyOf({ strategy }).traffic === 'in-steps' &&
    router !== 'replicas' &&
    router !== 'service' &&
    route === null
  )
}

function weightsOf({ ramp, router, steps, strategy }: Plan, blockMs: number): Weights {
  if (ramp === 'auto') return { kind: 'auto', least: least(router), reaction: 2 * blockMs + actuationMs }
  const last = strategyOf({ strategy }).traffic === 'at-once' ? 100 : (steps.at(-1)?.weight ?? 100)
  return { kind: 'fixed', proof: Math.min(50, last) / 100 }
}

/** The distance of the scrapes, in ms: the median of the history's. */
export function blockMsOf(blocks: readonly Block[]): number {
  const sorted = blocks.map(({ from, to }) => to - from).sort((a, b) => a - b)
  const median = sorted[Math.floor(sorted.length / 2)] ?? usualBlockMs
  return Math.min(mostBlockMs, Math.max(leastBlockMs, median))
}
