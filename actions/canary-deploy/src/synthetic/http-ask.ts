import { finished } from 'node:stream/promises'
import type { Http } from '@alt-las/http'
import type { SyntheticPorts } from './start-synthetic.ts'

/** No user waits longer. */
const patienceMs = 10_000

/** GETs that follow no redirect; bodies are read to their end and discarded. */
export function httpAsk(http: Http, timeoutMs: number = patienceMs): SyntheticPorts['ask'] {
  // Distinguishes them from users in the service's logs.
  const headers = { 'user-agent': 'alt-las-canary-deploy (synthetic)', accept: '*/*' }
  return async (url, { fresh, signal }) => {
    try {
      const request = { method: 'GET', url: new URL(url), headers }
      const { status, body } = await http.send(request, { deadlineMs: timeoutMs, fresh, signal })
      await finished(body.resume())
      return status
    } catch {
      return null
    }
  }
}
