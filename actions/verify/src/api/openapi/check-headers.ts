import type { Reply } from '@alt-las/api-tests'
import { asRecord } from '@alt-las/outcome'
import { agrees, deadReference, differs, unchecked, worst, type Agreement } from './agreement.ts'
import { follow, type Json, type OpenapiDocument } from './document.ts'
import { checkValues } from './schema/check-values.ts'

/** `name`: of the operation, for messages. */
export interface Answer {
  readonly name: string
  readonly reply: Reply
}

/** The documented headers of a response; by OpenAPI its content type is documented elsewhere. */
export function checkHeaders(document: OpenapiDocument, response: Json, answer: Answer): Agreement {
  const headers = Object.entries(asRecord(response['headers']))
  return worst(
    headers
      .filter(([header]) => header.toLowerCase() !== 'content-type')
      .map(([header, value]) => checkHeader(document, { header: header.toLowerCase(), value }, answer)),
  )
}

function checkHeader(
  document: OpenapiDocument,
  { header, value }: { readonly header: string; readonly value: unknown },
  { name, reply }: Answer,
): Agreement {
  const found = follow(document, value)
  if (found.kind === 'missing') return deadReference(found.reference)
  const { required, schema, content } = asRecord(found.value)
  const what = `the header ${header} of ${name}`
  const text = Object.hasOwn(reply.headers, header) ? reply.headers[header] : undefined
  if (text === undefined) return required === true ? differs(`${what} is missing`) : agrees
  if (content !== undefined) return unchecked(`the content of ${what}`)
  if (schema === undefined) return agrees
  const { wrong, notes } = checkValues(document, schema, readings(text))
  if (wrong !== null) return differs(`${what} does not meet its OpenAPI schema: ${wrong}`)
  return notes.length === 0 ? agrees : unchecked(notes.join(', '))
}

/** A header is text: its schema says whether it is meant as a number, a list or an object (style `simple`, exploded or not). */
function readings(text: string): readonly unknown[] {
  const parts = text.split(',').map((part) => part.trim())
  const pairs = parts.map((part) => part.split('='))
  const named = pairs.every((pair) => pair.length === 2)
    ? pairs
    : parts.flatMap((key, at) => (at % 2 === 0 ? [[key, parts[at + 1] ?? '']] : []))
  const object = Object.fromEntries(named.map(([key = '', value = '']) => [key, scalar(value)])) as Json
  return [text, scalar(text), parts, parts.map(scalar), object]
}

function scalar(text: string): unknown {
  if (text === 'true' || text === 'false') return text === 'true'
  return /^-?\d+(?:\.\d+)?$/.test(text) ? Number(text) : text
}
