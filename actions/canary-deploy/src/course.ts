import type { Arm, Block, Counts, Histogram } from '@alt-las/judge'

/** The rollout's traffic over time, for the picture: oldest first, bounded in length. */
export type Course = readonly Stretch[]

/** What both versions did in one or several neighbouring blocks. */
export interface Stretch {
  /** ms since 1970, by the clock of the metrics' source. */
  readonly from: number
  readonly to: number
  /** The canary's share in percent at its end; 100 after a blue-green switch. */
  readonly weight: number
  readonly canary: ArmFigures
  readonly stable: ArmFigures
  /** The value of the test against the canary at its end; it is rolled back at 1/risk. */
  readonly evidence: number
}

export interface ArmFigures extends Counts {
  /** 95 % of the answers took at most so many seconds; null where no latency is known. */
  readonly p95: number | null
}

const most = 60

/** One more block; where there are too many stretches, each two neighbours become one. */
export function addStretch(
  course: Course,
  { from, to, canary, stable }: Block,
  { weight, evidence }: Pick<Stretch, 'weight' | 'evidence'>,
): Course {
  const longer = [...course, { from, to, weight, canary: figures(canary), stable: figures(stable), evidence }]
  return longer.length <= most ? longer : halved(longer)
}

function halved(course: Course): Course {
  return course.flatMap((stretch, i) => {
    const next = course[i + 1]
    if (i % 2 === 1) return []
    return next === undefined
      ? [stretch]
      : [
          {
            ...next,
            from: stretch.from,
            canary: joined(stretch.canary, next.canary),
            stable: joined(stretch.stable, next.stable),
            evidence: Math.max(stretch.evidence, next.evidence),
          },
        ]
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

/** Linear within the bucket, as Prometheus has it; the last finite bound for what lies above it. null without answers. */
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
