import { finished } from 'node:stream/promises'
import { systemHttp } from '@alt-las/http'
import type { SyntheticPorts } from './start-synthetic.ts'

export interface HttpAsk {
  readonly ask: SyntheticPorts['ask']
  /** Closes the connections that are kept. */
  close(): void
}

/** No user waits longer. */
const patienceMs = 10_000

/** GETs that follow no redirect and pass no proxy; bodies are read to their end and thrown away. */
export function httpAsk(timeoutMs: number = patienceMs): HttpAsk {
  const http = systemHttp({})
  // Whoever reads the service's logs can tell them from users.
  const headers = { 'user-agent': 'alt-las-canary-deploy (synthetic)', accept: '*/*' }
  return {
    ask: async (url, { fresh, signal }) => {
      try {
        const request = { method: 'GET', url: new URL(url), headers }
        const { status, body } = await http.send(request, { deadlineMs: timeoutMs, fresh, signal })
        await finished(body.resume())
        return status
      } catch {
        return null
      }
    },
    close: () => {
      http.close()
    },
  }
}
