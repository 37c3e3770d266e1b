import { type Block, type Histogram, begin, judge } from '@alt-las/judge'
import type { Course } from '@alt-las/rollout'
import { addStretch } from '../../../../packages/rollout/judging/course.ts'

/** Traffic as the gateway would have counted it. */
interface Played {
  readonly blocks: number
  /** Requests a second, of both versions. */
  readonly rps: number
  /** The canary's share in percent in the i-th block of five seconds. */
  readonly weight: (i: number) => number
  /** Share of the canary's requests that fail; stable fails one of 1000. */
  readonly errors: number
  /** The canary's latency as a multiple of stable's; null = not measured. */
  readonly slower: number | null
}

const bounds = [0.025, 0.05, 0.1, 0.25, 0.5, 1]
const takes = [0.3, 0.4, 0.2, 0.07, 0.02, 0.01, 0]
const begun = Date.UTC(2026, 10, 22, 16)

/** A course as the judge sees it, until it rolls the canary back. Deterministic. */
export function courseOf({ blocks, rps, weight, errors, slower }: Played): Course {
  const random = generator(7)
  const count = (times: number, chance: number) =>
    Array.from({ length: Math.round(times) }).reduce<number>((all) => all + (random() < chance ? 1 : 0), 0)
  const arm = (requests: number, chance: number, times: number | null) => ({
    requests,
    errors: count(requests, chance),
    ...(times === null ? {} : { latency: histogram(requests, times, random) }),
  })
  let state = begin({
    risk: 0.01,
    errorMargin: 1.2,
    latencyMargin: slower === null ? null : 1.3,
    horizon: 540,
    bake: 0,
    dispersion: 1,
    expectTraffic: true,
    weights: { kind: 'fixed', proof: 0.5 },
  })
  let course: Course = []
  for (let i = 0; i < blocks; i += 1) {
    const share = weight(i) / 100
    const block: Block = {
      from: begun + 5000 * i,
      to: begun + 5000 * (i + 1),
      weight: share,
      canary: arm(Math.round(5 * rps * share), errors, slower),
      stable: arm(Math.round(5 * rps * (1 - share)), 0.001, slower === null ? null : 1),
    }
    const judged = judge(state, block)
    state = judged.state
    course = addStretch(course, block, { weight: weight(i), evidence: judged.verdict.evidence.value })
    if (judged.verdict.kind === 'roll-back') break
  }
  return course
}

/** A tenth, half and all of it, as the default steps do. */
export const inSteps = (i: number): number => (i < 12 ? 10 : 50)

/** Each answer falls into a bucket by chance; a slower one into a later bucket. */
function histogram(requests: number, times: number, random: () => number): Histogram {
  const counts = takes.map(() => 0)
  for (let i = 0; i < requests; i += 1) {
    let draw = random()
    const bucket = Math.max(
      0,
      takes.findIndex((part) => (draw -= part) < 0),
    )
    const at = Math.min(takes.length - 1, bucket + (random() < times - 1 ? 1 : 0))
    counts[at] = (counts[at] ?? 0) + 1
  }
  return { bounds, counts }
}

/** Pseudo-random numbers of 0..1 (a linear congruence modulo 2^32). */
function generator(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}
