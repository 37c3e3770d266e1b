import type { Http, Reply } from '@alt-las/api-tests'
import type { Clock } from '@alt-las/time'
import { no, shared, yes, type Check, type CheckRunner, type CheckFinding } from '../../check.ts'
import { judgeCiphers } from './judge-ciphers.ts'
import { judgeHeaders, type HeaderRules } from './judge-headers.ts'
import type { Endpoint, Handshake, Tls } from './tls.ts'

export interface TransportPorts {
  readonly tls: Tls
  readonly http: Http
  readonly clock: Clock
  readonly checks: CheckRunner
  readonly interrupted: AbortSignal
}

export interface TransportPlan {
  readonly url: URL
  readonly minCertificateDays: number
  readonly minVersion: 'TLSv1.2' | 'TLSv1.3'
  /** Refuses suites without it, which are named otherwise. */
  readonly forwardSecrecy: boolean
  /** Days of Strict-Transport-Security at least; 0: it is not expected. */
  readonly hstsDays: number
  readonly headers: HeaderRules
  /** Where the headers are read, best first. */
  readonly paths: readonly string[]
  readonly timeoutMs: number
}

/** The URL as a client meets it: certificate, TLS versions and cipher suites, headers, and the answer to plain HTTP. */
export async function checkTransport(plan: TransportPlan, ports: TransportPorts): Promise<readonly Check[]> {
  const { url, timeoutMs, minCertificateDays: minDays } = plan
  const { checks, tls, http, clock, interrupted } = ports
  if (url.protocol !== 'https:')
    return [
      await checks.run('security', 'TLS', () =>
        no(`${url.href} is not https: traffic can be read and changed on its way`),
      ),
    ]
  const endpoint = { host: hostOf(url), port: Number(url.port || 443) }
  const handshake = shared(() => tls.handshake(endpoint))
  return Promise.all([
    checks.run('security', 'TLS certificate', async () =>
      judgeCertificate(await handshake(), { now: clock.now(), minDays }),
    ),
    checks.run('security', 'TLS version', async () =>
      judgeVersion(endpoint, { shown: await handshake(), minVersion: plan.minVersion }, { tls }),
    ),
    checks.run('security', 'TLS ciphers', async () => {
      const { cipher } = await handshake()
      const found = await judgeCiphers(endpoint, plan, { tls })
      return { ...found, because: `${found.because}; it prefers ${cipher}` }
    }),
    checks.run('security', 'headers', async () => {
      await handshake()
      return judgeHeaders({ ...plan, rules: plan.headers, signal: interrupted }, { http })
    }),
    checks.run('security', 'redirect to https', async () => {
      // A port 80 without an answer says nothing while the host is not reached at all.
      await handshake()
      return judgePlainHttp(url, { timeoutMs, signal: interrupted }, { http, tls })
    }),
  ])
}

/** Sockets take an IPv6 address without its brackets. */
const hostOf = ({ hostname }: URL): string => hostname.replace(/^\[|\]$/g, '')

const dayMs = 86_400_000

/** The certificate's chain, name and remaining life. */
export function judgeCertificate(
  shown: Handshake,
  { now, minDays }: { readonly now: number; readonly minDays: number },
): CheckFinding {
  const days = Math.floor((shown.validTo - now) / dayMs)
  const until = new Date(shown.validTo).toISOString().slice(0, 10)
  const problems = [
    ...(shown.chainProblem === null ? [] : [`its chain is not trusted (${shown.chainProblem})`]),
    ...(shown.nameProblem === null ? [] : [`it is for another name: ${shown.nameProblem}`]),
    ...(days < 0 ? [`it expired on ${until}`] : []),
    ...(days >= 0 && days < minDays
      ? [`it expires in ${days} days, on ${until}; expected at least ${minDays} days`]
      : []),
  ]
  if (problems.length > 0) return no(`the certificate: ${problems.join('; ')}`)
  return yes(`the certificate is trusted, for this name, and valid for ${days} days`)
}

const versions = ['TLSv1.3', 'TLSv1.2', 'TLSv1.1', 'TLSv1'] as const

/** The server speaks `minVersion` or later, and refuses older versions. */
export async function judgeVersion(
  endpoint: Endpoint,
  { shown, minVersion }: { readonly shown: Handshake; readonly minVersion: TransportPlan['minVersion'] },
  { tls }: Pick<TransportPorts, 'tls'>,
): Promise<CheckFinding> {
  const tooOld = versions.slice(versions.indexOf(minVersion) + 1)
  for (const old of tooOld)
    if (await tls.accepts(endpoint, old)) {
      const remedy = `set ${minVersion.replace('v', ' ')} as the oldest version at the gateway`
      return { ...no(`the server accepts a client that speaks only ${old}`), remedy }
    }
  return yes(`the server speaks ${shown.protocol} and refuses ${tooOld.join(', ')}`)
}

/** Port 80 takes no connection, or answers only with a redirect to the same host over https. */
export async function judgePlainHttp(
  url: URL,
  options: { readonly timeoutMs: number; readonly signal: AbortSignal },
  { http, tls }: Pick<TransportPorts, 'http' | 'tls'>,
): Promise<CheckFinding> {
  const port = await tls.connects({ host: hostOf(url), port: 80 })
  if (port === 'closed') return yes(`port 80 of ${url.hostname} is closed`)
  if (port === 'silent') return yes(`port 80 of ${url.hostname} takes no connection`)
  const plain = new URL(`http://${url.hostname}/`)
  const reply = await http.send(plain, { method: 'GET', path: '/', headers: {}, body: null }, options)
  return redirect(url, reply)
}

function redirect(url: URL, reply: Reply): CheckFinding {
  const location = reply.headers['location'] ?? ''
  const answered = `http://${url.hostname}/ answered ${reply.status}`
  if (![301, 302, 307, 308].includes(reply.status)) return no(`${answered} instead of a redirect to https`)
  const target = URL.canParse(location) ? new URL(location) : null
  if (target?.protocol !== 'https:' || target.hostname !== url.hostname)
    return no(`${answered} with location ${JSON.stringify(location)}, expected https://${url.hostname}/`)
  return yes(`${answered} to ${location}`)
}
