import { Failure } from '@alt-las/failure'
import type { Answer } from './connection.ts'

/** The Status object that the API server answers a refusal with. */
interface Status {
  readonly kind?: string
  readonly status?: string
  readonly reason?: string
  readonly message?: string
  readonly details?: { readonly retryAfterSeconds?: number; readonly causes?: readonly unknown[] }
}

export type Code =
  'forbidden' | 'conflict' | 'invalid' | 'not-found' | 'unavailable' | 'timeout' | 'gone' | 'kubernetes'

/** True only where the API server itself says that this object does not exist; a proxy's 404 page is not that. */
export function isAbsent(answer: Answer): boolean {
  const { kind, reason } = statusOf(answer)
  return answer.status === 404 && kind === 'Status' && reason === 'NotFound'
}

/**
 * Whether an answer through the API server's proxy is its own refusal, not the pods' answer. Pods that imitate one lose: their tests then
 * count as not done.
 */
export function isOwnRefusal(answer: Answer): boolean {
  const { kind, status } = statusOf(answer)
  return answer.status >= 400 && kind === 'Status' && status === 'Failure'
}

/** A Failure for a status other than 2xx; `what` is the operation: `patch HTTPRoute ns/api`. */
export function refusal(answer: Answer, what: string): Failure<Code> {
  const { message } = statusOf(answer)
  const said = message ?? (answer.text.slice(0, 200).trim() || 'no reason given')
  const fail = (code: Code, text: string, hint?: string) =>
    new Failure<Code>(code, `cannot ${what}: ${text}`, {
      fault: code === 'forbidden' || code === 'invalid' ? 'input' : 'outside',
      ...(hint === undefined ? {} : { hint }),
    })
  switch (answer.status) {
    case 401:
      return fail(
        'forbidden',
        `the API server does not accept the credentials (${said})`,
        'renew the kubeconfig',
      )
    case 403:
      return fail('forbidden', said, missingRule(said))
    case 404:
      return fail('not-found', said)
    case 409:
      return fail('conflict', said)
    case 410:
      return fail('gone', said)
    case 400:
    case 413:
    case 415:
    case 422:
      return fail('invalid', said)
    case 408:
    case 504:
      return fail('timeout', said)
    case 425:
    case 429:
    case 500:
    case 502:
    case 503:
      return fail('unavailable', `${answer.status}: ${said}`)
    default:
      return fail('kubernetes', `the API server answered ${answer.status}: ${said}`)
  }
}

/** Whether the same request may succeed a moment later. */
export function mayHeal(answer: Answer): boolean {
  return [408, 425, 429, 500, 502, 503, 504].includes(answer.status)
}

/** The pause that the server asks for, in ms. */
export function pauseOf(answer: Answer): number | undefined {
  const seconds = statusOf(answer).details?.retryAfterSeconds
  return answer.retryAfterMs ?? (seconds === undefined || seconds <= 0 ? undefined : seconds * 1000)
}

/** A JSON patch whose `test` failed: the server's only message, without a cause. */
export function isFailedTest(answer: Answer): boolean {
  const { message, details } = statusOf(answer)
  const vague = message?.includes('the server rejected our request due to an error in our request') === true
  return answer.status === 422 && vague && (details?.causes ?? []).length === 0
}

// RBAC's refusal names verb, resource and place; quota and admission are 403 too, but no rule would help there.
function missingRule(message: string): string | undefined {
  const rbac =
    /User "([^"]+)" cannot (\S+) resource "([^"]+)" in API group "([^"]*)"(?: in the namespace "([^"]+)")?/
  const match = rbac.exec(message)
  if (match === null) return undefined
  const [, user = '', verb = '', resource = '', group = '', namespace] = match
  const where = namespace === undefined ? 'at cluster scope' : `in namespace ${namespace}`
  return `grant ${user} the verb ${verb} on ${resource}${group === '' ? '' : ` of ${group}`} ${where}`
}

function statusOf(answer: Answer): Status {
  try {
    const value: unknown = JSON.parse(answer.text)
    return typeof value === 'object' && value !== null ? value : {}
  } catch {
    return {}
  }
}
