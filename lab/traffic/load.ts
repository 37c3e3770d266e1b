import { Agent, request } from 'node:https'
import { startLoad as start, type Loss } from '@alt-las/load'
import { systemClock } from '@alt-las/time'

/** One kind of request of the load. */
export interface Shot {
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly body?: unknown
}

export interface LoadOptions {
  /** Host name of the gateway: for the certificate and the routes. */
  readonly host: string
  /** Where the gateway really listens. */
  readonly address: string
  readonly ca: string
  /** Requests per second. */
  readonly rate: number
  readonly shots: readonly Shot[]
}

export interface Result {
  readonly sent: number
  readonly failed: number
  /** Failures by reason: `500`, `ECONNRESET`, `timeout`. */
  readonly reasons: Readonly<Record<string, number>>
  /** The first of them: when each was sent, for what, and what was answered. */
  readonly told: readonly string[]
}

export interface Load {
  stop(): Promise<Result>
}

/** The open-loop load of packages/load until it is stopped: every fifth request on a new connection, the others on kept ones. */
export function startLoad({ host, address, ca, rate, shots }: LoadOptions): Load {
  const kept = new Agent({ keepAlive: true, maxSockets: 64 })
  const targets = shots.map((shot) => ({ name: `${shot.method} ${shot.path}`, request: shot, weight: 1 }))
  const running = start(
    { targets, rate },
    {
      send: (shot: Shot, index) => send(shot, { host, address, ca, agent: index % 5 === 0 ? false : kept }),
      clock: systemClock,
      interrupted: new AbortController().signal,
    },
  )
  return {
    stop: async () => {
      const { count, errors, errorKinds, firstErrors } = await running.stop()
      kept.destroy()
      const told = firstErrors.map(({ sentAt, target, reason, detail = '' }) =>
        `${new Date(sentAt).toISOString()} ${target}: ${reason} ${detail}`.trim(),
      )
      return { sent: count, failed: errors, reasons: errorKinds, told }
    },
  }
}

interface Connection {
  readonly host: string
  readonly address: string
  readonly ca: string
  readonly agent: Agent | false
}

/** Answers null for success. The detail of a loss is the beginning of the body, where one came. */
function send(shot: Shot, { host, address, ca, agent }: Connection): Promise<Loss | null> {
  return new Promise((resolve) => {
    const body = shot.body === undefined ? undefined : JSON.stringify(shot.body)
    const sending = request(
      {
        host: address,
        servername: host,
        port: 443,
        path: shot.path,
        method: shot.method,
        ca,
        agent,
        timeout: 15_000,
        headers: { host, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      },
      (response) => {
        const parts: Buffer[] = []
        response.on('data', (part: Buffer) => parts.push(part))
        response.on('end', () => {
          const status = response.statusCode ?? 0
          const detail = Buffer.concat(parts).toString().slice(0, 200)
          resolve(status >= 200 && status < 400 ? null : { reason: String(status), detail })
        })
        response.on('error', (error) => {
          resolve({ reason: codeOf(error) })
        })
      },
    )
    sending.on('timeout', () => sending.destroy(new Error('timeout')))
    sending.on('error', (error) => {
      resolve({ reason: codeOf(error) })
    })
    sending.end(body)
  })
}

function codeOf(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : error.message
}
