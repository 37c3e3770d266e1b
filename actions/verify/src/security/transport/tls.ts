import net from 'node:net'
import tls from 'node:tls'
import { Failure, errorCode } from '@alt-las/failure'
import { offerSuites, type Endpoint } from './offer-suites.ts'

export type { Endpoint } from './offer-suites.ts'

/** Facts of a TLS handshake. */
export interface Handshake {
  readonly protocol: string
  /** The cipher suite that both sides prefer, by its standard name. */
  readonly cipher: string
  /** null = the chain leads to a trusted root. */
  readonly chainProblem: string | null
  /** null = the certificate is for this host name. */
  readonly nameProblem: string | null
  /** Milliseconds since 1970. */
  readonly validTo: number
}

export interface Tls {
  handshake(endpoint: Endpoint): Promise<Handshake>
  /** Whether the server accepts a client that speaks no newer version. */
  accepts(endpoint: Endpoint, protocol: 'TLSv1' | 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3'): Promise<boolean>
  /** The suite that the server chooses of these; null: it refuses them all. Throws a Failure where it does not answer in TLS. */
  chooses(endpoint: Endpoint, suites: readonly number[]): Promise<number | null>
  /** `closed`: the connection is refused. `silent`: a firewall drops it. Throws a Failure where neither is certain. */
  connects(endpoint: Endpoint): Promise<'open' | 'closed' | 'silent'>
}

const timeoutMs = 10_000
/** Old protocols need the old security level on this side. Without it this client would refuse, not the server. */
const oldCiphers = 'DEFAULT@SECLEVEL=0'

/** node:tls; trusts Node's own authorities and those of NODE_EXTRA_CA_CERTS. */
export const systemTls: Tls = {
  handshake: async ({ host, port }) => {
    const today = await connect({ host, port }, { minVersion: 'TLSv1.2' })
    // A server that speaks only what is too old is judged by its version; its certificate is looked at all the same.
    const shown =
      today.kind === 'refused' && today.code === 'not-accepted' ? await old({ host, port }, today) : today
    if (shown.kind === 'refused')
      throw new Failure(shown.code, `no TLS handshake with ${host}:${port}`, {
        fault: 'outside',
        cause: shown.error,
      })
    return shown.handshake
  },
  accepts: async (endpoint, protocol) => {
    const options = { minVersion: protocol, maxVersion: protocol, ciphers: oldCiphers } as const
    return (await connect(endpoint, options)).kind === 'shown'
  },
  chooses: offerSuites,
  connects: ({ host, port }) =>
    new Promise((resolve, reject) => {
      const socket = net.connect({ host, port, timeout: timeoutMs })
      const end = (state: 'open' | 'closed' | 'silent') => {
        socket.destroy()
        resolve(state)
      }
      socket.on('connect', () => {
        end('open')
      })
      socket.on('timeout', () => {
        end('silent')
      })
      socket.on('error', (error) => {
        const code = errorCode(error) ?? ''
        if (['ECONNREFUSED', 'EHOSTUNREACH'].includes(code)) end('closed')
        else if (code === 'ETIMEDOUT') end('silent')
        else
          reject(
            new Failure('unreachable', `no connection to ${host}:${port}`, {
              fault: 'outside',
              cause: error,
            }),
          )
      })
    }),
}

type Shown =
  | { readonly kind: 'shown'; readonly handshake: Handshake }
  | { readonly kind: 'refused'; readonly error: Error; readonly code: 'not-accepted' | 'unreachable' }

async function old(endpoint: Endpoint, today: Shown): Promise<Shown> {
  const options = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: oldCiphers } as const
  const shown = await connect(endpoint, options)
  return shown.kind === 'shown' ? shown : today
}

function connect({ host, port }: Endpoint, options: tls.ConnectionOptions): Promise<Shown> {
  return new Promise((resolve) => {
    const name = /^[\d.]+$|:/.test(host) ? {} : { servername: host }
    const socket = tls.connect({
      host,
      port,
      ...name,
      ...options,
      rejectUnauthorized: false,
      timeout: timeoutMs,
    })
    socket.on('timeout', () => socket.destroy(new Error(`no answer within ${timeoutMs} ms`)))
    let isConnected = false
    socket.on('connect', () => {
      isConnected = true
    })
    socket.on('error', (error) => {
      const isOfServer = isConnected || errorCode(error) === 'ECONNREFUSED'
      resolve({ kind: 'refused', error, code: isOfServer ? 'not-accepted' : 'unreachable' })
    })
    socket.on('secureConnect', () => {
      const certificate = socket.getPeerCertificate()
      const handshake: Handshake = {
        protocol: socket.getProtocol() ?? 'unknown',
        cipher: socket.getCipher().standardName,
        chainProblem: chainProblem(socket),
        nameProblem: tls.checkServerIdentity(host, certificate)?.message ?? null,
        validTo: Date.parse(certificate.valid_to),
      }
      socket.destroy()
      resolve({ kind: 'shown', handshake })
    })
  })
}

// Node reports a wrong name in the same field as a broken chain; nameProblem has it already.
function chainProblem(socket: tls.TLSSocket): string | null {
  const error = socket.authorizationError as Error | string | null
  if (socket.authorized || error === null) return null
  const code = typeof error === 'string' ? error : 'code' in error ? String(error.code) : error.message
  return code === 'ERR_TLS_CERT_ALTNAME_INVALID' ? null : code
}
