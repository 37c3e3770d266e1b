import { number, record, rows, type Facts } from './facts.ts'

/** What both versions did from one moment to a later one, ms since 1970; oldest first, never two at a time. */
export interface Stretch {
  readonly from: number
  readonly to: number
  /** The canary's share, 0..100. */
  readonly weight: number
  readonly canary: Arm
  readonly stable: Arm
  /** More than 0; 1 says nothing. */
  readonly evidence: number
}

export interface Arm {
  readonly requests: number
  /** At most `requests`. */
  readonly errors: number
  /** ms; null where no latency is known. */
  readonly p95: number | null
}

/** canary-deploy keeps 60 at most; a document that says more is cut off. */
const most = 240

/** The traffic of a rollout over time as its document has it; stretches that make no sense are left out. */
export function readCourse(value: unknown): readonly Stretch[] {
  const course: Stretch[] = []
  for (const one of rows(value).slice(0, most)) {
    const stretch = readStretch(one)
    if (stretch !== null && stretch.from >= (course.at(-1)?.to ?? -Infinity)) course.push(stretch)
  }
  return course
}

function readStretch(facts: Facts): Stretch | null {
  const from = number(facts['fromMs'])
  const to = number(facts['toMs'])
  const weight = number(facts['weightPercent'])
  const evidence = number(facts['value'])
  const canary = readArm(record(facts['canary']))
  const stable = readArm(record(facts['stable']))
  if (from === null || to === null || weight === null || evidence === null) return null
  if (canary === null || stable === null || !(to > from) || !(evidence >= 0)) return null
  // An evidence of nothing has no logarithm.
  return {
    from,
    to,
    weight: Math.min(100, Math.max(0, weight)),
    canary,
    stable,
    evidence: Math.max(1e-9, evidence),
  }
}

function readArm(facts: Facts): Arm | null {
  const requests = number(facts['requests'])
  const errors = number(facts['errors'])
  if (requests === null || errors === null || requests < 0 || errors < 0 || errors > requests) return null
  const p95 = number(facts['p95Ms'])
  return { requests, errors, p95: p95 === null || p95 < 0 ? null : p95 }
}
