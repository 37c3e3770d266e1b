import { Failure } from '@alt-las/failure'
import { describeCall } from './calls.ts'
import type { Call } from '../server/api-server.ts'

/** What the real client throws for a status, after its tries. */
export function refused(status: number, call: Call): Failure {
  const [code, said] = meanings[status] ?? ['kubernetes', `the API server answered ${status}`]
  const fault = code === 'forbidden' || code === 'invalid' ? 'input' : 'outside'
  const tries = heals(status) && isRepeatable(call, status) ? ' failed after 5 tries' : ''
  return new Failure(code, `cannot ${describeCall(call)}${tries}: ${said}`, { fault })
}

const meanings: Readonly<Record<number, readonly [code: string, said: string]>> = {
  400: ['invalid', 'bad request'],
  401: ['forbidden', 'the API server does not accept the credentials (Unauthorized)'],
  403: ['forbidden', 'no rule grants it'],
  404: ['not-found', 'not found'],
  409: ['conflict', 'the object has been modified; please apply your changes to the latest version'],
  410: ['gone', 'too old resource version'],
  422: ['invalid', 'the server rejected our request due to an error in our request'],
  429: ['unavailable', '429: too many requests'],
  500: ['unavailable', '500: internal error'],
  502: ['unavailable', '502: bad gateway'],
  503: ['unavailable', '503: the server is currently unable to handle the request'],
  504: ['timeout', 'the server was unable to return a response in the time allotted'],
}

/** No answer: the client looks no further where the operation may have been done. */
export function lost(how: 'reset' | 'timeout', call: Call): Failure {
  if (how === 'timeout')
    return new Failure('timeout', `cannot ${describeCall(call)}: no answer within 15 s`, { fault: 'outside' })
  return new Failure('unavailable', `cannot ${describeCall(call)}: the connection was reset`, {
    fault: 'outside',
  })
}

/** How long the real client's tries take in all, in ms; 0 where it does not try again. */
export function triesMs(status: number, call: Call, retryAfterMs = 0): number {
  if (!heals(status) || !isRepeatable(call, status)) return 0
  return [500, 1000, 2000, 4000].reduce((sum, ms) => sum + Math.max(ms, retryAfterMs), 0)
}

const heals = (status: number): boolean => [408, 425, 429, 500, 502, 503, 504].includes(status)

/** Whether the real client may do it twice: a compare-and-swap would meet its own first try. */
function isRepeatable({ verb, body }: Call, status: number): boolean {
  if (status === 429) return true
  if (verb === 'patch')
    return (body as readonly { readonly op: string }[]).every(({ op }) => op === 'replace')
  if (verb !== 'apply') return verb !== 'proxy'
  const { metadata } = body as { readonly metadata: { readonly resourceVersion?: string } }
  return metadata.resourceVersion === undefined
}
