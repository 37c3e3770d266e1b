import * as z from 'zod/mini'
import { evidence, type ActionName, type Evidence } from './evidence/evidence.ts'
import { atMs, digest } from './evidence/units.ts'

export const outcomeSchema = 'alt-las-delivery/outcome/v2'

/** A service's name is a folder: no separators, no `.` or `..`. */
export const serviceNamePattern = /^[A-Za-z0-9](?:[A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$/

const subject = z.object({
  /** Service of the step; `release` = all services. */
  service: z.string().check(z.regex(serviceNamePattern)),
  /** `name@sha256:…` where known. */
  image: z.optional(z.string()),
  digest: z.optional(digest),
  /** Another subject of the step: `atlas-production/api-gateway`. */
  target: z.optional(z.string()),
})

const timing = z.object({ name: z.string(), startedAtMs: atMs, finishedAtMs: atMs })

export type Subject = Readonly<z.infer<typeof subject>>

/** A part of the work. */
export type Timing = Readonly<z.infer<typeof timing>>

/** The result of an action. `refused`: the work is done and the answer is no. Breakage is a Failure, not an Outcome. */
export interface Outcome<A extends ActionName = ActionName> {
  readonly kind: 'passed' | 'refused'
  /** One sentence for a person, with the figures that decided. */
  readonly because: string
  readonly subject?: Partial<Subject>
  readonly evidence: Evidence<A>
  readonly timings?: readonly Timing[]
}

/** The file that one action leaves for the next. A failed step keeps the evidence that it had. */
export type OutcomeDocument<A extends ActionName = ActionName> = {
  [K in A]: Head<K> &
    (
      | { readonly outcome: 'passed' | 'refused'; readonly evidence: Evidence<K> }
      | { readonly outcome: 'failed'; readonly evidence: Partial<Evidence<K>> }
    )
}[A]

interface Head<A extends ActionName> {
  readonly schema: typeof outcomeSchema
  readonly action: A
  readonly because: string
  readonly subject: Subject
  /** ISO 8601. */
  readonly startedAt: string
  readonly finishedAt: string
  readonly timings: readonly Timing[]
}

/** The validator of one action's documents. Unknown fields are dropped. */
export function documentSchema<A extends ActionName>(action: A) {
  const head = {
    schema: z.literal(outcomeSchema),
    action: z.literal(action),
    because: z.string(),
    subject,
    startedAt: z.iso.datetime(),
    finishedAt: z.iso.datetime(),
    timings: z.array(timing),
  }
  const shape = evidence[action] as z.ZodMiniObject
  return z.discriminatedUnion('outcome', [
    z.object({ ...head, outcome: z.enum(['passed', 'refused']), evidence: shape }),
    z.object({ ...head, outcome: z.literal('failed'), evidence: z.partial(shape) }),
  ])
}
