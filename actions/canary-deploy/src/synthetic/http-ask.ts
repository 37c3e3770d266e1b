import { Agent as HttpAgent, request as httpRequest } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import type { SyntheticPorts } from './start-synthetic.ts'

export interface HttpAsk {
  readonly ask: SyntheticPorts['ask']
  /** Closes the connections that are kept. */
  close(): void
}

/** No user waits longer. */
const patienceMs = 10_000

/** GETs by Node's own client: redirects are not followed, bodies are read to their end and thrown away. */
export function httpAsk(timeoutMs: number = patienceMs): HttpAsk {
  const plain = new HttpAgent({ keepAlive: true })
  const tls = new HttpsAgent({ keepAlive: true })
  const ask: SyntheticPorts['ask'] = (url, { fresh, signal }) =>
    new Promise((resolve) => {
      const secure = url.startsWith('https:')
      const kept = secure ? tls : plain
      const options = {
        agent: fresh ? false : kept,
        // Whoever reads the service's logs can tell them from users.
        headers: { 'user-agent': 'alt-las-canary-deploy (synthetic)', accept: '*/*' },
        signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
      }
      const nothing = () => {
        resolve(null)
      }
      const sending = (secure ? httpsRequest : httpRequest)(url, options, (response) => {
        response.on('end', () => {
          resolve(response.statusCode ?? null)
        })
        response.on('error', nothing)
        response.resume()
      })
      sending.on('error', nothing)
      sending.end()
    })
  return {
    ask,
    close: () => {
      plain.destroy()
      tls.destroy()
    },
  }
}
