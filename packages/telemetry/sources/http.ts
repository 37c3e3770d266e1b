import { Failure } from '@alt-las/failure'
import { fetchAll, type Answer, type Http } from '@alt-las/http'
import type { Fetch } from './prometheus.ts'

/** GET through the API server's proxy to a Service; a hosted runner cannot reach a ClusterIP. */
export interface Proxy {
  get(
    service: { readonly namespace: string; readonly name: string; readonly port: string },
    path: string,
  ): Promise<string>
}

export interface Access {
  /**
   * `https://…`, `http://…` or `service://namespace/name:port`, each with an optional path in front of `/api/v1`. With `scrape+` before it, the
   * address of a metrics endpoint itself.
   */
  readonly url: string
  /** Sent unchanged; never to a `service://`, which uses the cluster's own credentials. */
  readonly headers?: Readonly<Record<string, string>>
  /** Until the whole answer has been read, ms. Default 10 s. */
  readonly timeoutMs?: number
}

/** Both ways to a source of metrics. */
export interface Ways {
  readonly http: Http
  readonly proxy: Proxy
}

export type Address = (
  | { readonly kind: 'http'; readonly base: string }
  | {
      readonly kind: 'service'
      readonly service: { readonly namespace: string; readonly name: string; readonly port: string }
      readonly prefix: string
    }
) & {
  /** The address is an exposition, not a Prometheus. */
  readonly direct?: true
}

/** null if metrics cannot be read from this address. */
export function parseAddress(text: string): Address | null {
  if (!text.startsWith('scrape+')) return parsePlain(text)
  const plain = parsePlain(text.slice('scrape+'.length))
  if (plain === null) return null
  if (plain.kind === 'service') return { ...plain, prefix: plain.prefix || '/metrics', direct: true }
  const base = new URL(plain.base).pathname === '/' ? `${plain.base}/metrics` : plain.base
  return { ...plain, base, direct: true }
}

function parsePlain(text: string): Address | null {
  const service = /^service:\/\/([a-z0-9.-]+)\/([a-z0-9.-]+):([a-z0-9-]+)(\/.*)?$/.exec(text)
  if (service !== null) {
    const [, namespace = '', name = '', port = '', path = ''] = service
    return { kind: 'service', service: { namespace, name, port }, prefix: withoutSlash(path) }
  }
  if (!/^https?:\/\//.test(text) || !URL.canParse(text)) return null
  const url = new URL(text)
  // Credentials in an address end up in logs; they have their own input.
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') return null
  return { kind: 'http', base: withoutSlash(url.href) }
}

/** The GET of `prometheus` and `scraped`. Failures: `metrics-refused` (400, 401, 403, 404, 422, too large), `metrics-unreachable` (the rest). */
export function reach(address: Address, access: Omit<Access, 'url'>, { http, proxy }: Ways): Fetch {
  if (address.kind === 'service') return (path) => proxy.get(address.service, address.prefix + path)
  return async (path) => {
    const { status, bytes } = await open(http, new URL(address.base + path), access)
    const body = Buffer.from(bytes).toString('utf8')
    if (status >= 200 && status < 300) return body
    const refused = [400, 401, 403, 404, 422].includes(status)
    throw new Failure(
      refused ? 'metrics-refused' : 'metrics-unreachable',
      `${address.base} answered ${status}: ${body.slice(0, 200).trim()}`,
      { fault: refused ? 'input' : 'outside' },
    )
  }
}

async function open(http: Http, url: URL, access: Omit<Access, 'url'>): Promise<Answer> {
  try {
    const limits = { deadlineMs: access.timeoutMs ?? 10_000, limitBytes: mostBytes }
    return await fetchAll(http, { method: 'GET', url, headers: access.headers ?? {} }, limits)
  } catch (error) {
    const tooLarge = error instanceof Failure && error.code === 'http-too-large'
    throw new Failure(tooLarge ? 'metrics-refused' : 'metrics-unreachable', `cannot read ${url.origin}`, {
      fault: 'outside',
      cause: error,
    })
  }
}

/** The raw counters of a large gateway are a few megabytes. */
const mostBytes = 64 * 1024 * 1024

const withoutSlash = (text: string): string => text.replace(/\/+$/, '')
