import { Agent as HttpAgent, type Agent } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'
import { credentialsIn } from './credentials-in.ts'
import { exchange } from './exchange.ts'
import type { Http, HttpRequest, HttpResponse, SendOptions } from './http.ts'
import { proxyFor } from './proxy.ts'
import { discard } from './read-all.ts'
import { circular, redirected } from './redirect.ts'

export interface HttpSettings {
  /** HTTP_PROXY, HTTPS_PROXY and NO_PROXY as the runner has them. */
  readonly variables?: Readonly<Record<string, string | undefined>>
  /** The proxy of every request, whatever the variables say. */
  readonly proxy?: string
  /** Open connections to one host at most; further requests wait. */
  readonly connections?: number
  /** PEM. The only authorities that are trusted; default: Node's own and those of NODE_EXTRA_CA_CERTS. */
  readonly ca?: string | Uint8Array
  /** PEM: a client certificate and its key. */
  readonly certificate?: string
  readonly key?: string
  /** The name that the server's certificate must have, if it differs from the address. */
  readonly serverName?: string
  /** Accepts any certificate. */
  readonly insecure?: boolean
  /** Told of each credential before it is first sent, so that no log or report shows it, even if a server repeats it. */
  readonly hide?: ((secrets: readonly string[]) => void) | undefined
}

const mostRedirects = 5

/**
 * HTTP over node's own client, not fetch: a body of known length is streamed with Content-Length, an answer that comes before the body's
 * end is seen, proxies and certificates are options and not flags of the process.
 */
export function systemHttp(settings: HttpSettings): Http & { close(): void } {
  const agents = new Map<string, Agent>()
  const tls = tlsOf(settings)
  const hide = hiding(settings.hide)
  const agentFor = (url: URL, isFresh: boolean): Agent | false => {
    const proxy = settings.proxy ?? proxyFor(url, settings.variables ?? {})
    if (isFresh) return proxy === null ? false : createAgent(url, proxy, settings.connections, false)
    const key = `${url.protocol} ${proxy ?? ''}`
    const agent = agents.get(key) ?? createAgent(url, proxy, settings.connections, true)
    agents.set(key, agent)
    return agent
  }
  return {
    send: async (first, options = {}) => {
      const { deadlineMs } = options
      const until = deadlineMs === undefined ? null : performance.now() + deadlineMs
      let request: HttpRequest = first
      for (let hop = 0; hop <= mostRedirects; hop += 1) {
        hide(request)
        const response = await exchange(request, options, {
          agent: () => agentFor(request.url, options.fresh ?? false),
          freshAgent: () => agentFor(request.url, true),
          tls,
          until,
        })
        const next = follow(request, response, options)
        if (next === null) return response
        await discard(response.body)
        request = next
      }
      throw circular(first.url)
    },
    close: () => {
      for (const agent of agents.values()) agent.destroy()
    },
  }
}

function hiding(hide: HttpSettings['hide']): (request: HttpRequest) => void {
  const hidden = new Set<string>()
  return ({ headers = {} }) => {
    const fresh = hide === undefined ? [] : credentialsIn(headers).filter((one) => !hidden.has(one))
    for (const one of fresh) hidden.add(one)
    if (fresh.length > 0) hide?.(fresh)
  }
}

function follow(request: HttpRequest, response: HttpResponse, options: SendOptions): HttpRequest | null {
  try {
    const { status, headers } = response
    return redirected(request, { status, location: headers['location'] }, options.redirects)
  } catch (error) {
    response.body.destroy()
    throw error
  }
}

function createAgent(
  url: URL,
  proxy: string | null,
  connections: number | undefined,
  keepAlive: boolean,
): Agent {
  const options = {
    keepAlive,
    ...(connections === undefined ? {} : { maxSockets: connections }),
    // NO_PROXY has been read already.
    ...(proxy === null ? {} : { proxyEnv: { HTTP_PROXY: proxy, HTTPS_PROXY: proxy } }),
  }
  return url.protocol === 'https:' ? new HttpsAgent(options) : new HttpAgent(options)
}

function tlsOf({ ca, certificate, key, serverName, insecure }: HttpSettings): Record<string, unknown> {
  return {
    ...(ca === undefined ? {} : { ca }),
    ...(certificate === undefined ? {} : { cert: certificate }),
    ...(key === undefined ? {} : { key }),
    ...(serverName === undefined ? {} : { servername: serverName }),
    ...(insecure === true ? { rejectUnauthorized: false } : {}),
  }
}
