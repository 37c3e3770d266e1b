import { Failure } from '@alt-las/failure'

export const outcomeSchema = 'alt-las-delivery/outcome/v1'

/** JSON values only: the evidence is written to disk and read by later steps. */
export type Evidence = Readonly<Record<string, unknown>>

export interface Subject {
  /** Whose step it was: a folder's name; `release` for what concerns all services. */
  readonly service?: string
  /** `name@sha256:…` where known. */
  readonly image?: string
  readonly digest?: string
  /** Anything else the action worked on: `atlas-production/api-gateway`. */
  readonly target?: string
}

/** What an action found. `refused`: it did its work, and says no. Breakage is a Failure, not an Outcome. */
export interface Outcome {
  readonly kind: 'passed' | 'refused'
  /** One sentence for a person, with the figures that decided. */
  readonly because: string
  readonly subject?: Subject
  readonly evidence?: Evidence
  readonly timings?: readonly Timing[]
}

/** A chapter of the work, times in ms since 1970. */
export interface Timing {
  readonly name: string
  readonly startedAt: number
  readonly finishedAt: number
}

/** The file that one action leaves for the next: `outcome.json`. */
export interface OutcomeDocument {
  readonly schema: typeof outcomeSchema
  readonly action: string
  readonly outcome: 'passed' | 'refused' | 'failed'
  readonly because: string
  readonly subject: Subject | null
  /** ISO 8601. */
  readonly startedAt: string
  readonly finishedAt: string
  readonly timings: readonly Timing[]
  readonly evidence: Evidence
}

/** Reads a document back; throws Failure `bad-outcome-document` (fault input) that says what is wrong with it. */
export function parseDocument(text: string, path: string): OutcomeDocument {
  const bad = (what: string) =>
    new Failure('bad-outcome-document', `${path} is not an outcome document: ${what}`, {
      fault: 'input',
      hint: 'pass the file that the earlier step names in its output `report`',
    })
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw bad('it is not JSON')
  }
  if (typeof value !== 'object' || value === null) throw bad('it is not an object')
  const document = value as Partial<OutcomeDocument>
  if (document.schema !== outcomeSchema)
    throw bad(`schema is ${JSON.stringify(document.schema)}, expected ${outcomeSchema}`)
  if (typeof document.action !== 'string') throw bad('`action` is missing')
  if (document.outcome !== 'passed' && document.outcome !== 'refused' && document.outcome !== 'failed') {
    throw bad(`outcome is ${JSON.stringify(document.outcome)}, expected passed, refused or failed`)
  }
  const rest = { because: '', subject: null, startedAt: '', finishedAt: '', timings: [], evidence: {} }
  return { ...rest, ...document } as OutcomeDocument
}
