import type { Arm, Block, Histogram } from '@alt-las/judge'
import type { ArmFigures, Course, Stretch } from '../model/judgement.ts'

const most = 60

/** Adds a block; if there are too many stretches, the two shortest neighbours are merged. */
export function addStretch(
  course: Course,
  { from, to, canary, stable }: Block,
  { weight, evidence }: Pick<Stretch, 'weight' | 'evidence'>,
): Course {
  const longer = [...course, { from, to, weight, canary: figures(canary), stable: figures(stable), evidence }]
  return longer.length <= most ? longer : shortened(longer)
}

/** Stretches stay of similar length, so that the beginning is as visible as the end; a change of the weight stays visible. */
function shortened(course: Course): Course {
  const pairs = course.slice(1).map((next, i) => ({ i, before: course[i] ?? next, next }))
  const alike = pairs.filter(({ before, next }) => before.weight === next.weight)
  const [first, ...rest] = alike.length > 0 ? alike : pairs
  if (first === undefined) return course
  const lasted = ({ before, next }: typeof first) => next.to - before.from
  const { i, before, next } = rest.reduce((best, one) => (lasted(one) < lasted(best) ? one : best), first)
  return course.toSpliced(i, 2, {
    ...next,
    from: before.from,
    canary: joined(before.canary, next.canary),
    stable: joined(before.stable, next.stable),
    evidence: Math.max(before.evidence, next.evidence),
  })
}

function joined(one: ArmFigures, other: ArmFigures): ArmFigures {
  const requests = one.requests + other.requests
  const mean = (a: number | null, b: number | null): number | null =>
    a === null || b === null
      ? (a ?? b)
      : requests === 0
        ? b
        : (a * one.requests + b * other.requests) / requests
  return { requests, errors: one.errors + other.errors, p95: rounded(mean(one.p95, other.p95)) }
}

function figures({ requests, errors, latency }: Arm): ArmFigures {
  return { requests, errors, p95: latency === undefined ? null : rounded(quantile(latency, 0.95)) }
}

/** Linear within the bucket, as in Prometheus; the last finite bound for values above it. null without answers. */
function quantile({ bounds, counts }: Histogram, part: number): number | null {
  const finite = bounds.filter((bound) => Number.isFinite(bound))
  const total = counts.reduce((sum, count) => sum + count, 0)
  if (total === 0) return null
  let below = 0
  for (const [i, count] of counts.entries()) {
    const upper = finite[i]
    if (upper === undefined) break
    if (below + count >= part * total) {
      const lower = finite[i - 1] ?? 0
      return lower + ((part * total - below) / count) * (upper - lower)
    }
    below += count
  }
  return finite.at(-1) ?? null
}

const rounded = (value: number | null): number | null =>
  value === null ? null : Number(value.toPrecision(4))
