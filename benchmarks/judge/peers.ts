import type { Arm, Block } from '@alt-las/judge'
import { higher } from './mann-whitney.ts'
import type { Policy } from './policy.ts'
import { binomial, randomOf } from './random.ts'
import { blockSeconds } from './world.ts'

const minute = 60 / blockSeconds

/**
 * Flagger's documented example: every minute the success rate must be at least 99 % and the P99 at most 500 ms, over the last minute; a failed
 * check stops the ramp (5 % a minute up to 50 %), the tenth rolls back at the next look. fluxcd/flagger docs/gitbook/usage/how-it-works.md.
 */
export function flagger(): Policy {
  const [step, most, threshold] = [0.05, 0.5, 10]
  let [weight, failed] = [step, 0]
  const window: Block[] = []
  return {
    get weight() {
      return weight
    },
    see: (block) => {
      window.push(block)
      if (window.length < minute) return 'go'
      const canary = window.splice(0).map((each) => each.canary)
      if (failed >= threshold) return 'bad'
      const requests = sum(canary.map((arm) => arm.requests))
      const errors = sum(canary.map((arm) => arm.errors))
      if (requests === 0 || errors / requests > 0.01 || percentile(canary, 0.99) > 0.5) {
        failed += 1
        return 'go'
      }
      if (weight >= most - 1e-9) return 'good'
      weight += step
      return 'go'
    },
  }
}

/**
 * Argo Rollouts' documented example: 20, 40, 60 and 80 % for ten minutes each; from the second step on the success rate of the last five
 * minutes must be at least 95 %; "three such measurements" fail the analysis. argoproj/argo-rollouts docs/features/analysis.md.
 */
export function argo(): Policy {
  const [steps, pause, interval, limit] = [[0.2, 0.4, 0.6, 0.8], 10 * minute, 5 * minute, 3]
  let [blocks, failures] = [0, 0]
  const window: Arm[] = []
  return {
    get weight() {
      return steps[Math.min(steps.length - 1, Math.floor(blocks / pause))] ?? 0
    },
    see: ({ canary }) => {
      blocks += 1
      window.push(canary)
      if (window.length > interval) window.shift()
      if (blocks >= pause && blocks % interval === 0) {
        const requests = sum(window.map((arm) => arm.requests))
        const errors = sum(window.map((arm) => arm.errors))
        // No data is an inconclusive measurement, which is no failed one.
        if (requests > 0 && 1 - errors / requests < 0.95) failures += 1
        if (failures >= limit) return 'bad'
      }
      return blocks >= steps.length * pause ? 'good' : 'go'
    },
  }
}

/**
 * Kayenta: a tenth of the traffic to the canary, as much to a baseline; error rate and mean latency are compared by the Mann-Whitney test at
 * 98 % with a tolerance of a quarter of the estimate, each time 50 points are there, for half an hour; a score under 75 fails.
 * spinnaker/kayenta NetflixACAJudge and MannWhitneyClassifier; spinnaker.io/guides/user/canary/best-practices.
 */
export function kayenta(): Policy {
  const [points, lifetime] = [50, 30 * minute]
  const random = randomOf(98)
  let blocks = 0
  const values = { errors: pair(), latency: pair() }
  return {
    weight: 0.1,
    see: ({ canary, stable }) => {
      blocks += 1
      const share = stable.requests === 0 ? 0 : Math.min(1, canary.requests / stable.requests)
      const baseline = thin(stable, share, random)
      for (const [arm, side] of [
        [canary, 'experiment'],
        [baseline, 'control'],
      ] as const) {
        if (arm.requests === 0) continue
        values.errors[side].push(arm.errors / arm.requests)
        values.latency[side].push(mean(arm))
      }
      if (blocks % points === 0) {
        const failing = Object.values(values).filter(({ experiment, control }) =>
          higher(experiment.splice(0), control.splice(0)),
        )
        // Two groups of equal weight: one that fails leaves a score of 50.
        if (failing.length > 0) return 'bad'
      }
      return blocks >= lifetime ? 'good' : 'go'
    },
  }
}

/** The fixed-sample test of two proportions at 1 %, one-sided, looked at after every scrape; weights as Flagger's. */
export function zTest(): Policy {
  const [critical, step, most] = [2.326, 0.05, 0.5]
  let [blocks, nc, xc, ns, xs] = [0, 0, 0, 0, 0]
  return {
    get weight() {
      return Math.min(most, step * (1 + Math.floor(blocks / minute)))
    },
    see: ({ canary, stable }) => {
      blocks += 1
      nc += canary.requests
      xc += canary.errors
      ns += stable.requests
      xs += stable.errors
      const pooled = (xc + xs) / (nc + ns)
      const z = (xc / nc - xs / ns) / Math.sqrt(pooled * (1 - pooled) * (1 / nc + 1 / ns))
      if (nc >= 30 && ns >= 30 && z > critical) return 'bad'
      return blocks >= (most / step + 1) * minute ? 'good' : 'go'
    },
  }
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)

const pair = (): { experiment: number[]; control: number[] } => ({ experiment: [], control: [] })

/** A baseline of the canary's size, out of stable. */
function thin(arm: Arm, share: number, random: () => number): Arm {
  const errors = binomial(random, arm.errors, share)
  const requests = errors + binomial(random, arm.requests - arm.errors, share)
  const { bounds = [], counts = [] } = arm.latency ?? {}
  return {
    requests,
    errors,
    latency: { bounds, counts: counts.map((count) => binomial(random, count, share)) },
  }
}

function mean({ latency }: Arm): number {
  const { bounds = [], counts = [] } = latency ?? {}
  const middle = (j: number) => ((bounds[j - 1] ?? 0) + (bounds[j] ?? bounds.at(-1) ?? 0)) / 2
  return sum(counts.map((count, j) => count * middle(j))) / Math.max(1, sum(counts))
}

/** As Prometheus' histogram_quantile reckons it. */
function percentile(arms: readonly Arm[], share: number): number {
  const bounds = arms[0]?.latency?.bounds ?? []
  const counts = [...bounds, 0].map((_, j) => sum(arms.map((arm) => arm.latency?.counts[j] ?? 0)))
  const rank = share * sum(counts)
  let below = 0
  for (const [j, count] of counts.entries()) {
    const [low, high] = [bounds[j - 1] ?? 0, bounds[j]]
    if (below + count >= rank) return high === undefined ? low : low + ((high - low) * (rank - below)) / count
    below += count
  }
  return 0
}
