import type { Report, Subject, Timing } from '@alt-las/outcome'

/** The facts so far. The document and outputs of a failed step are written from it. */
export interface Draft<E = object> {
  about(subject: Partial<Subject>): void
  record(evidence: Partial<E>): void
  /** The runner has them at once, also if the process dies. The last value of a name counts. */
  output(outputs: Readonly<Record<string, string>>): void
  /** Replaces the part of the job summary below the reason of the failure. */
  show(results: Results): void
  /** Does some work and records its start and end, also if it fails. */
  timed<T>(name: string, work: () => Promise<T>): Promise<T>
}

type Results = Pick<Report, 'blocks' | 'findings'>

export interface Known {
  readonly subject: Partial<Subject>
  readonly evidence: object
  readonly outputs: Readonly<Record<string, string>>
  readonly results: Results
  /** In the order in which the work ended. */
  readonly timings: readonly Timing[]
}

/** `now`: milliseconds since 1970. `publish`: called with each output as it comes. */
export function startDraft<E = object>(
  now: () => number,
  publish: (name: string, value: string) => void = () => undefined,
): {
  readonly draft: Draft<E>
  known(): Known
} {
  let known: Known = { subject: {}, evidence: {}, outputs: {}, results: { blocks: [] }, timings: [] }
  return {
    known: () => known,
    draft: {
      about: (subject) => {
        known = { ...known, subject: { ...known.subject, ...subject } }
      },
      record: (evidence) => {
        known = { ...known, evidence: { ...known.evidence, ...evidence } }
      },
      output: (outputs) => {
        known = { ...known, outputs: { ...known.outputs, ...outputs } }
        for (const [name, value] of Object.entries(outputs)) publish(name, value)
      },
      show: (results) => {
        known = { ...known, results }
      },
      timed: async (name, work) => {
        const startedAtMs = now()
        try {
          return await work()
        } finally {
          known = { ...known, timings: [...known.timings, { name, startedAtMs, finishedAtMs: now() }] }
        }
      },
    },
  }
}
