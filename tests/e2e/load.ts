import { Agent, request } from 'node:https'

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
  /** Requests per second, sent at their intended times whatever became of the earlier ones. */
  readonly rate: number
  readonly shots: readonly Shot[]
}

export interface Result {
  readonly sent: number
  readonly failed: number
  /** Failures by what they were: `500`, `ECONNRESET`, `timeout`. */
  readonly reasons: Readonly<Record<string, number>>
  /** The first of them: when each was sent, for what, and what was answered. */
  readonly told: readonly string[]
}

export interface Load {
  stop(): Promise<Result>
}

/** Open-loop load: every fifth request on a new connection, the others on kept ones. */
export function startLoad(options: LoadOptions): Load {
  const kept = new Agent({ keepAlive: true, maxSockets: 64 })
  const reasons: Record<string, number> = {}
  const told: string[] = []
  const open = new Set<Promise<void>>()
  const begun = performance.now()
  let sent = 0
  const fire = () => {
    const due = Math.floor(((performance.now() - begun) / 1000) * options.rate)
    for (; sent < due; sent += 1) {
      const shot = options.shots[sent % options.shots.length]
      if (shot === undefined) continue
      const at = new Date().toISOString()
      const flying = send(shot, options, sent % 5 === 0 ? undefined : kept).then((lost) => {
        open.delete(flying)
        if (lost === null) return
        const { reason, answer } = lost
        reasons[reason] = (reasons[reason] ?? 0) + 1
        if (told.length < 10) told.push(`${at} ${shot.method} ${shot.path}: ${reason} ${answer}`.trim())
      })
      open.add(flying)
    }
  }
  const timer = setInterval(fire, 5)
  return {
    stop: async () => {
      clearInterval(timer)
      await Promise.all(open)
      kept.destroy()
      return { sent, failed: Object.values(reasons).reduce((sum, count) => sum + count, 0), reasons, told }
    },
  }
}

interface Lost {
  readonly reason: string
  /** The beginning of the body, where one came. */
  readonly answer: string
}

/** Answers null for success, else what went wrong. */
function send(
  shot: Shot,
  { host, address, ca }: LoadOptions,
  agent: Agent | undefined,
): Promise<Lost | null> {
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
        agent: agent ?? false,
        timeout: 15_000,
        headers: { host, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      },
      (response) => {
        const parts: Buffer[] = []
        response.on('data', (part: Buffer) => parts.push(part))
        response.on('end', () => {
          const status = response.statusCode ?? 0
          const answer = Buffer.concat(parts).toString().slice(0, 200)
          resolve(status >= 200 && status < 400 ? null : { reason: String(status), answer })
        })
        response.on('error', (error) => {
          resolve({ reason: reason(error), answer: '' })
        })
      },
    )
    sending.on('timeout', () => sending.destroy(new Error('timeout')))
    sending.on('error', (error) => {
      resolve({ reason: reason(error), answer: '' })
    })
    sending.end(body)
  })
}

function reason(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : error.message
}
