import { isDigest, type Digest } from '@alt-las/registry'

/** An in-toto statement v1: what is claimed about images. */
export interface Statement {
  readonly subjects: readonly Subject[]
  readonly predicateType: string
  readonly predicate: Readonly<Record<string, unknown>>
}

export interface Subject {
  /** `ghcr.io/alt-las/api-gateway`; '' where it has none. */
  readonly name: string
  readonly digest: Digest
}

/** Media type of a statement, also the payload type of its envelope. */
export const statementType = 'application/vnd.in-toto+json'

const type = 'https://in-toto.io/Statement/v1'
/** Earlier version, with the same fields; cosign 2 writes it. */
const earlierType = 'https://in-toto.io/Statement/v0.1'
const mostSubjects = 1000

/** The same statement gives the same bytes. */
export function writeStatement({ subjects, predicateType, predicate }: Statement): Uint8Array {
  const subject = subjects.map(({ name, digest }) => ({
    ...(name === '' ? {} : { name }),
    digest: { sha256: digest.slice('sha256:'.length) },
  }))
  return new TextEncoder().encode(JSON.stringify({ _type: type, subject, predicateType, predicate }))
}

/** Reads a foreign statement; throws an Error that names the problem. Subjects without a SHA-256 digest are left out. */
export function readStatement(bytes: Uint8Array): Statement {
  const document = objectOf(JSON.parse(new TextDecoder().decode(bytes)), 'the statement')
  const { _type, subject, predicateType, predicate } = document
  if (_type !== type && _type !== earlierType)
    throw new Error(`the statement has the type ${quoted(_type)}, expected ${type}`)
  if (typeof predicateType !== 'string') throw new Error('the statement has no predicateType')
  if (!Array.isArray(subject)) throw new Error('the statement has no subject')
  if (subject.length > mostSubjects)
    throw new Error(`the statement has ${subject.length} subjects, expected at most ${mostSubjects}`)
  return {
    predicateType,
    subjects: subject.flatMap(readSubject),
    predicate: predicate === undefined || predicate === null ? {} : objectOf(predicate, 'the predicate'),
  }
}

function readSubject(value: unknown, index: number): readonly Subject[] {
  const { name, digest } = objectOf(value, `subject[${index}]`)
  const { sha256 } = objectOf(digest, `subject[${index}].digest`)
  const full = typeof sha256 === 'string' ? `sha256:${sha256}` : ''
  return isDigest(full) ? [{ name: typeof name === 'string' ? name : '', digest: full }] : []
}

/** A value of a foreign document as an object; throws an Error that names it. */
export function objectOf(value: unknown, where: string): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new Error(`${where} is not an object`)
  return value as Record<string, unknown>
}

/** A foreign value for an error, at most 60 characters. */
export function quoted(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing'
  return text.length > 60 ? `${text.slice(0, 59)}…` : text
}
