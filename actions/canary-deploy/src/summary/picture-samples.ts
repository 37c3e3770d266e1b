import type { ArmFigures, Course, Stretch } from '@alt-las/rollout'

/** The course at equal intervals, for charts without a time axis. */
export interface Samples {
  readonly unit: 'seconds' | 'minutes'
  /** The last sample's time in `unit`; the first one's is 0. */
  readonly end: number
  /** Percent of the traffic. */
  readonly weight: readonly number[]
  readonly evidence: readonly number[]
  readonly canary: ArmSamples
  readonly stable: ArmSamples
}

/** A version's traffic since the previous sample; null without any answer. */
export interface ArmSamples {
  /** Percent of the requests. */
  readonly failed: readonly (number | null)[]
  /** ms. */
  readonly p95: readonly (number | null)[]
}

const most = 40
const second = 1000
// Each is a whole number of seconds or quarters of a minute: sums stay exact, and no chart loses its last sample.
const steps = [5, 10, 15, 30, 60, 120, 300, 600, 1200, 1800, 3600].map((seconds) => seconds * second)

/** Throws nothing; an empty course gives samples of nothing. */
export function samplesOf(course: Course): Samples {
  const from = course[0]?.from ?? 0
  const lasted = Math.max(1, (course.at(-1)?.to ?? 0) - from)
  const step = steps.find((one) => lasted <= most * one) ?? Math.ceil(lasted / most / 3_600_000) * 3_600_000
  const count = Math.ceil(lasted / step)
  const ends = Array.from({ length: count }, (_, i) => from + (i + 1) * step)
  const windows = ends.map((end) => ({ end, within: course.filter((one) => overlap(one, end, step) > 0) }))
  const arm = (of: 'canary' | 'stable'): ArmSamples => {
    const figures = windows.map(({ end, within }) =>
      total(within.map((one) => [one[of], overlap(one, end, step)] as const)),
    )
    return {
      failed: first(figures.map(({ requests, errors }) => (requests > 0 ? (100 * errors) / requests : null))),
      p95: first(figures.map(({ p95 }) => (p95 === null ? null : 1000 * p95))),
    }
  }
  return {
    unit: step < 15 * second ? 'seconds' : 'minutes',
    end: (count * step) / (step < 15 * second ? second : 60 * second),
    weight: first(ends.map((end) => course.findLast((one) => one.from < end)?.weight ?? 0)),
    evidence: [1, ...highest(course, ends)],
    canary: arm('canary'),
    stable: arm('stable'),
  }
}

/** The first window's values also count at its beginning. */
const first = <T>(values: readonly T[]): readonly T[] => [...values.slice(0, 1), ...values]

/** Keeps a peak between two samples. */
function highest(course: Course, ends: readonly number[]): readonly number[] {
  let last = 1
  return ends.map((end, i) => {
    const after = ends[i - 1] ?? -Infinity
    const within = course.filter(({ to }) => to > after && to <= end).map(({ evidence }) => evidence)
    last = within.length === 0 ? last : Math.max(...within)
    return last
  })
}

/** The part of an interval within the window, 0..1. */
function overlap({ from, to }: Stretch, end: number, step: number): number {
  if (to <= from) return from > end - step && from <= end ? 1 : 0
  return Math.max(0, Math.min(to, end) - Math.max(from, end - step)) / (to - from)
}

function total(parts: readonly (readonly [ArmFigures, number])[]): ArmFigures {
  const sum = (of: (figures: ArmFigures) => number) =>
    parts.reduce((all, [figures, part]) => all + part * of(figures), 0)
  const known = sum(({ p95, requests }) => (p95 === null ? 0 : requests))
  return {
    requests: sum(({ requests }) => requests),
    errors: sum(({ errors }) => errors),
    p95: known === 0 ? null : sum(({ p95, requests }) => (p95 ?? 0) * requests) / known,
  }
}
