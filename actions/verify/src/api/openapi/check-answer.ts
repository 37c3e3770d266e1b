import type { Reply } from '@alt-las/api-tests'
import { asRecord } from '@alt-las/outcome'
import { agrees, deadReference, differs, worst, type Agreement } from './agreement.ts'
import { checkBody } from './check-body.ts'
import { checkHeaders } from './check-headers.ts'
import { follow, type Json, type OpenapiDocument } from './document.ts'

export interface DocumentedOperation {
  readonly method: string
  readonly path: string
  /** Its operation object. */
  readonly value: Json
}

/** An answer against the response that its operation documents for its status. */
export function checkAnswer(
  document: OpenapiDocument,
  { method, path, value }: DocumentedOperation,
  reply: Reply,
): Agreement {
  const name = `${method} ${path}`
  const status = `${reply.status}`
  const responses = asRecord(value['responses'])
  const ranges = [`${status.charAt(0)}XX`, `${status.charAt(0)}xx`, 'default']
  const key = [status, ...ranges].find((one) => Object.hasOwn(responses, one))
  if (key === undefined)
    return differs(`${name} answered ${status}, which its OpenAPI document does not describe`)
  const found = follow(document, responses[key])
  if (found.kind === 'missing') return deadReference(found.reference)
  const response = asRecord(found.value)
  const headers = checkHeaders(document, response, { name, reply })
  return worst([headers, hasBody(method, reply) ? checkBody(document, response, { name, reply }) : agrees])
}

function hasBody(method: string, { status }: Reply): boolean {
  return method !== 'HEAD' && status >= 200 && status !== 204 && status !== 304
}
