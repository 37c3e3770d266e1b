import { no, yes, type CheckFinding } from '../../check.ts'
import { brokenSuites, formatSuite, withoutForwardSecrecy } from './cipher-suites.ts'
import type { Endpoint, Tls } from './tls.ts'

const remedy =
  'allow only ECDHE suites with AES-GCM or ChaCha20, as Mozilla’s intermediate configuration does'

/**
 * The server refuses every broken suite. Suites without forward secrecy are named; with `forwardSecrecy` they are refused. A server that speaks
 * TLS 1.3 alone refuses them all.
 */
export async function judgeCiphers(
  endpoint: Endpoint,
  { forwardSecrecy }: { readonly forwardSecrecy: boolean },
  { tls }: { readonly tls: Pick<Tls, 'chooses'> },
): Promise<CheckFinding> {
  const accepted: string[] = []
  for (const [group, suites] of Object.entries(brokenSuites)) {
    const chosen = await tls.chooses(endpoint, suites)
    if (chosen !== null) accepted.push(`${group} (${formatSuite(chosen)})`)
  }
  const weak = await tls.chooses(endpoint, withoutForwardSecrecy)
  if (weak !== null && forwardSecrecy) accepted.push(`RSA key exchange (${formatSuite(weak)})`)
  if (accepted.length > 0)
    return { ...no(`the server accepts cipher suites with ${accepted.join(', ')}`), remedy }
  const refused = `the server refuses suites with ${Object.keys(brokenSuites).join(', ')}`
  if (weak === null) return yes(`${refused}, and without forward secrecy`)
  return yes(`${refused}; without forward secrecy it accepts ${formatSuite(weak)}`)
}
