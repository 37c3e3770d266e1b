import { Agent, request } from 'node:http'

/** What became of the requests that were sent within one second. */
interface Second {
  /** Answers by the digest that answered. */
  readonly by: Record<string, number>
  failed: number
}

export interface Probe {
  /** Requests that were sent and failures so far, by what they were. */
  readonly sent: () => number
  readonly reasons: Readonly<Record<string, number>>
  /** Answers by digest of requests that were sent from one moment to another; ms since 1970. */
  between(from: number, to: number): Readonly<Record<string, number>>
  stop(): Promise<void>
}

/**
 * Open-loop load through the gateway that notes who answered: requests leave at their intended times whatever became of the earlier ones,
 * every second one on a kept connection, the others each on a new one.
 */
export function startProbe(target: {
  readonly address: string
  readonly host: string
  readonly rate: number
}): Probe {
  const kept = new Agent({ keepAlive: true, maxSockets: 64 })
  const seconds = new Map<number, Second>()
  const reasons: Record<string, number> = {}
  const open = new Set<Promise<void>>()
  const begun = performance.now()
  let sent = 0
  const note = (at: number, answer: Answer) => {
    const second = seconds.get(at) ?? { by: {}, failed: 0 }
    seconds.set(at, second)
    if (answer.kind === 'answered') second.by[answer.digest] = (second.by[answer.digest] ?? 0) + 1
    else {
      second.failed += 1
      reasons[answer.reason] = (reasons[answer.reason] ?? 0) + 1
    }
  }
  const timer = setInterval(() => {
    const due = Math.floor(((performance.now() - begun) / 1000) * target.rate)
    for (; sent < due; sent += 1) {
      const at = Math.floor(Date.now() / 1000)
      const flying = send(target, sent % 2 === 0 ? kept : false).then((answer) => {
        note(at, answer)
        open.delete(flying)
      })
      open.add(flying)
    }
  }, 5)
  return {
    sent: () => sent,
    reasons,
    between: (from, to) => {
      const sum: Record<string, number> = {}
      for (let at = Math.ceil(from / 1000); at < Math.floor(to / 1000); at += 1)
        for (const [digest, count] of Object.entries(seconds.get(at)?.by ?? {}))
          sum[digest] = (sum[digest] ?? 0) + count
      return sum
    },
    stop: async () => {
      clearInterval(timer)
      await Promise.all(open)
      kept.destroy()
    },
  }
}

type Answer =
  | { readonly kind: 'answered'; readonly digest: string }
  | { readonly kind: 'failed'; readonly reason: string }

function send(
  { address, host }: { readonly address: string; readonly host: string },
  agent: Agent | false,
): Promise<Answer> {
  return new Promise((resolve) => {
    const failed = (reason: string) => {
      resolve({ kind: 'failed', reason })
    }
    const sending = request(
      { host: address, port: 80, path: '/version', headers: { host }, agent, timeout: 15_000 },
      (response) => {
        const parts: Buffer[] = []
        response.on('data', (part: Buffer) => parts.push(part))
        response.on('end', () => {
          const text = Buffer.concat(parts).toString()
          const digest = /sha256:[0-9a-f]{64}/.exec(text)?.[0]
          if (response.statusCode === 200 && digest !== undefined) resolve({ kind: 'answered', digest })
          else failed(String(response.statusCode))
        })
        response.on('error', (error) => {
          failed(codeOf(error))
        })
      },
    )
    sending.on('timeout', () => sending.destroy(new Error('timeout')))
    sending.on('error', (error) => {
      failed(codeOf(error))
    })
    sending.end()
  })
}

const codeOf = (error: Error) =>
  'code' in error && typeof error.code === 'string' ? error.code : error.message

/** How far the count of one version may be from its share, in both directions, but for one time in a million. */
export function binomialBound(share: number, total: number): { readonly low: number; readonly high: number } {
  const spread = 4.9 * Math.sqrt(total * share * (1 - share)) + 1
  return { low: total * share - spread, high: total * share + spread }
}
