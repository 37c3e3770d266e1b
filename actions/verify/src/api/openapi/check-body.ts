import { json, type Reply } from '@alt-las/api-tests'
import { asRecord } from '@alt-las/outcome'
import { agrees, deadReference, differs, unchecked, type Agreement } from './agreement.ts'
import type { Answer } from './check-headers.ts'
import { follow, type Json, type OpenapiDocument } from './document.ts'
import { chooseMediaType, essenceOf, mediaKind } from './media-type.ts'
import { checkValues } from './schema/check-values.ts'

/** The body against what is documented for its content type. */
export function checkBody(document: OpenapiDocument, response: Json, { name, reply }: Answer): Agreement {
  const content = asRecord(response['content'])
  const documented = Object.keys(content)
  if (documented.length === 0) {
    const isEmpty = reply.body === '' && reply.unread === undefined
    return isEmpty ? agrees : unchecked('the document describes no body')
  }
  const given = Object.hasOwn(reply.headers, 'content-type') ? reply.headers['content-type'] : undefined
  const type = given ?? (documented.length === 1 ? (documented[0] ?? '') : '')
  const key = chooseMediaType(documented, type)
  if (key === null) {
    const what = given === undefined ? 'no content type' : `the content type ${essenceOf(given)}`
    return differs(`${name} answered ${reply.status} with ${what}, documented is ${documented.join(' or ')}`)
  }
  const media = follow(document, content[key])
  if (media.kind === 'missing') return deadReference(media.reference)
  // A range has no kind: the answer says what it is.
  const chosen = { type: key.includes('*') ? type : key, schema: asRecord(media.value)['schema'] }
  return checkContent(document, chosen, { name, reply })
}

interface Media {
  readonly type: string
  /** undefined where none is documented. */
  readonly schema: unknown
}

function checkContent(
  document: OpenapiDocument,
  { type, schema }: Media,
  { name, reply }: Answer,
): Agreement {
  const kind = mediaKind(type)
  const notRead = unchecked(`the schema of ${essenceOf(type)}`)
  if (kind === 'other') return isOpaque(document, schema) ? agrees : notRead
  const body = kind === 'json' ? json(reply) : text(reply)
  if (body.kind === 'none')
    return differs(`${name} answered ${reply.status} without ${essenceOf(type)}: the body ${body.because}`)
  if (schema === undefined) return agrees
  if (kind === 'text' && !isText(document, schema)) return notRead
  const { wrong, notes } = checkValues(document, schema, [body.value])
  if (wrong !== null)
    return differs(`the answer ${reply.status} of ${name} does not meet its OpenAPI schema: ${wrong}`)
  return notes.length === 0 ? agrees : unchecked(notes.join(', '))
}

const text = ({ body, unread }: Reply) =>
  unread === undefined
    ? ({ kind: 'text', value: body } as const)
    : ({ kind: 'none', because: unread } as const)

const annotation = /^(?:title|description|example|examples|content\w+|x-.*)$/

/** A schema that asks nothing of the bytes. */
function isOpaque(document: OpenapiDocument, schema: unknown): boolean {
  if (schema === undefined || schema === true) return true
  const { type = 'string', format = 'binary', ...rest } = followed(document, schema)
  const asks = Object.keys(rest).filter((key) => !annotation.test(key))
  return asks.length === 0 && type === 'string' && format === 'binary'
}

/** A text can be held against the schema of a string alone. */
function isText(document: OpenapiDocument, schema: unknown): boolean {
  const { type, properties, items } = followed(document, schema)
  if (type === undefined) return properties === undefined && items === undefined
  return [type].flat().includes('string')
}

function followed(document: OpenapiDocument, schema: unknown): Json {
  const found = follow(document, schema)
  return found.kind === 'found' ? asRecord(found.value) : { $ref: found.reference }
}
