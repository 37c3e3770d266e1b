import type { Clock } from '@alt-las/time'
import { no, yes, type Check, type Finding, type RunCheck } from '../check.ts'
import type { Http, Reply } from '../http.ts'
import type { Endpoint, Handshake, Tls } from './tls.ts'

export interface TransportPorts {
  readonly tls: Tls
  readonly http: Http
  readonly clock: Clock
  readonly run: RunCheck
  readonly interrupted: AbortSignal
}

export interface TransportPlan {
  readonly url: URL
  readonly minCertificateDays: number
  readonly requestTimeout: number
}

/** What everybody meets at the door: certificate, versions, and where plain HTTP leads. */
export async function checkTransport(plan: TransportPlan, ports: TransportPorts): Promise<readonly Check[]> {
  const { url } = plan
  const { run, tls, clock, http, interrupted } = ports
  if (url.protocol !== 'https:')
    return [
      await run('security', 'TLS', () =>
        no(`${url.href} is not https: what travels can be read and changed`),
      ),
    ]
  const endpoint = { host: url.hostname, port: Number(url.port || 443) }
  const shown = tls.handshake(endpoint)
  const options = { timeoutMs: plan.requestTimeout, signal: interrupted }
  return Promise.all([
    run('security', 'TLS certificate', async () =>
      judgeCertificate(await shown, { now: clock.now(), minDays: plan.minCertificateDays }),
    ),
    run('security', 'TLS version', async () => judgeVersion(endpoint, await shown, { tls })),
    run('security', 'redirect to https', () => judgeRedirect(url, options, { http })),
  ])
}

const dayMs = 86_400_000

/** The certificate's chain, name and remaining life. */
export function judgeCertificate(
  shown: Handshake,
  { now, minDays }: { readonly now: number; readonly minDays: number },
): Finding {
  const days = Math.floor((shown.validTo - now) / dayMs)
  const until = new Date(shown.validTo).toISOString().slice(0, 10)
  const problems = [
    ...(shown.chainProblem === null ? [] : [`its chain is not trusted (${shown.chainProblem})`]),
    ...(shown.nameProblem === null ? [] : [`it is for another name: ${shown.nameProblem}`]),
    ...(days < 0 ? [`it ran out on ${until}`] : []),
    ...(days >= 0 && days < minDays
      ? [`it runs out in ${String(days)} days, on ${until}; wanted are ${String(minDays)} days`]
      : []),
  ]
  if (problems.length > 0) return no(`the certificate: ${problems.join('; ')}`)
  return yes(`the certificate is trusted, for this name, and good for ${String(days)} days`)
}

/** TLS 1.2 or later is spoken, and nothing older is let in. */
export async function judgeVersion(
  endpoint: Endpoint,
  shown: Handshake,
  { tls }: Pick<TransportPorts, 'tls'>,
): Promise<Finding> {
  for (const old of ['TLSv1.1', 'TLSv1'] as const)
    if (await tls.accepts(endpoint, old)) return no(`a client that speaks only ${old} is let in`)
  return yes(`${shown.protocol} is spoken; TLSv1.1 and TLSv1 are refused`)
}

/** Plain HTTP answers with a permanent redirect to the same host over https, and serves nothing itself. */
export async function judgeRedirect(
  url: URL,
  options: { readonly timeoutMs: number; readonly signal: AbortSignal },
  { http }: Pick<TransportPorts, 'http'>,
): Promise<Finding> {
  const plain = new URL(`http://${url.hostname}/`)
  const reply = await http.send(plain, { method: 'GET', path: '/', headers: {}, body: null }, options)
  return redirect(url, reply)
}

function redirect(url: URL, reply: Reply): Finding {
  const location = reply.headers['location'] ?? ''
  const answered = `http://${url.hostname}/ answered ${String(reply.status)}`
  if (![301, 302, 307, 308].includes(reply.status)) return no(`${answered} instead of a redirect to https`)
  const target = URL.canParse(location) ? new URL(location) : null
  if (target?.protocol !== 'https:' || target.hostname !== url.hostname)
    return no(`${answered} with location ${JSON.stringify(location)}, expected https://${url.hostname}/`)
  return yes(`${answered} to ${location}`)
}
