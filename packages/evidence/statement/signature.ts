import type { Statement, Subject } from './statement.ts'
import { predicateTypes } from './predicates.ts'

/** The statement that cosign 3 signs and `cosign verify` looks for: this image, and nothing about it. */
export function signatureOf(subject: Subject): Statement {
  return { subjects: [subject], predicateType: predicateTypes.signature[0], predicate: {} }
}
