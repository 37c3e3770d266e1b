import { Agent, request } from 'node:http'
import { startLoad } from '@alt-las/load'
import { systemClock } from '@alt-las/time'

/** What became of the requests that were sent within one second. */
interface Second {
  /** Answers by the version that answered. */
  readonly by: Record<string, number>
  /** Failures by what they were. */
  readonly failed: Record<string, number>
}

export interface ProbeTarget {
  readonly address: string
  readonly host: string
  readonly path: string
  /** Requests a second. */
  readonly rate: number
  /** Share of the requests that open a connection of their own, 0..1. Default a half; a port is not free again for a minute. */
  readonly fresh?: number
  /** Users wait no longer, in ms. Default 15 s. */
  readonly patience?: number
  /** Sent with each request. */
  readonly headers?: () => Readonly<Record<string, string>>
}

export interface Probe {
  /** Requests that were sent and failures so far, by what they were. */
  readonly sent: () => number
  readonly reasons: Readonly<Record<string, number>>
  /** Answers by version (in the `rollouts` case the digest) of requests that were sent from one moment to another; ms since 1970. */
  between(from: number, to: number): Readonly<Record<string, number>>
  /** Failures of requests that were sent meanwhile, by what they were: `500`, `timeout`, `ECONNRESET`. */
  failedBetween(from: number, to: number): Readonly<Record<string, number>>
  /** The seconds in which requests failed, `at` as ISO 8601 in UTC. */
  failures(): readonly { readonly at: string; readonly failed: Readonly<Record<string, number>> }[]
  stop(): Promise<void>
}

/** Resolves once the gateway answers. Throws with what it said instead where it does not for 20 s. */
export async function firstAnswer(target: ProbeTarget): Promise<void> {
  const heard: Record<string, number> = {}
  for (let tries = 0; tries < 100; tries += 1) {
    const answer = await answerOf(target, false)
    if (answer.kind === 'answered') return
    add(heard, answer.reason)
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
  throw new Error(`${target.host} did not answer within 20 s of its installation: ${JSON.stringify(heard)}`)
}

/** Open-loop load through the gateway that notes which version answered; some requests on kept connections, the others each on a new one. */
export function startProbe(target: ProbeTarget): Probe {
  const kept = new Agent({ keepAlive: true, maxSockets: 512 })
  const seconds = new Map<number, Second>()
  const reasons: Record<string, number> = {}
  let sent = 0
  const note = (at: number, answer: Answer) => {
    const second = seconds.get(at) ?? { by: {}, failed: {} }
    seconds.set(at, second)
    if (answer.kind === 'answered') add(second.by, answer.version)
    else {
      add(second.failed, answer.reason)
      add(reasons, answer.reason)
    }
  }
  const load = startLoad(
    { targets: [{ name: target.host, request: target, weight: 1 }], rate: target.rate },
    {
      clock: systemClock,
      interrupted: new AbortController().signal,
      send: async () => {
        const at = Math.floor(Date.now() / 1000)
        sent += 1
        // By chance, since gateways give out requests in turns: every second one would be always the same version's.
        note(at, await answerOf(target, Math.random() < (target.fresh ?? 0.5) ? false : kept))
        return null
      },
    },
  )
  const between = (from: number, to: number, pick: (second: Second) => Record<string, number>) => {
    const sum: Record<string, number> = {}
    for (const [at, second] of seconds) {
      if (at < Math.ceil(from / 1000) || at >= Math.floor(to / 1000)) continue
      for (const [key, count] of Object.entries(pick(second))) add(sum, key, count)
    }
    return sum
  }
  return {
    sent: () => sent,
    reasons,
    between: (from, to) => between(from, to, ({ by }) => by),
    failedBetween: (from, to) => between(from, to, ({ failed }) => failed),
    failures: () =>
      [...seconds]
        .filter(([, { failed }]) => Object.keys(failed).length > 0)
        .toSorted(([one], [other]) => one - other)
        .map(([at, { failed }]) => ({ at: new Date(at * 1000).toISOString(), failed })),
    stop: async () => {
      await load.stop()
      kept.destroy()
    },
  }
}

function add(counts: Record<string, number>, key: string, count = 1): void {
  counts[key] = (counts[key] ?? 0) + count
}

export type Answer =
  | { readonly kind: 'answered'; readonly version: string }
  | { readonly kind: 'failed'; readonly reason: string }

/** One request, on a connection of `agent` or on one of its own. */
export function answerOf(
  { address, host, path, patience = 15_000, headers }: ProbeTarget,
  agent: Agent | false,
): Promise<Answer> {
  return new Promise((resolve) => {
    const failed = (reason: string) => {
      resolve({ kind: 'failed', reason })
    }
    const sending = request(
      { host: address, port: 80, path, headers: { ...headers?.(), host }, agent, timeout: patience },
      (response) => {
        const parts: Buffer[] = []
        response.on('data', (part: Buffer) => parts.push(part))
        response.on('end', () => {
          const version = versionIn(Buffer.concat(parts).toString())
          if (response.statusCode === 200 && version !== undefined) resolve({ kind: 'answered', version })
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

/** Our services give their image's digest, the small ones of a case their name. */
const versionIn = (text: string): string | undefined =>
  /sha256:[0-9a-f]{64}/.exec(text)?.[0] ?? /"version":"([^"]+)"/.exec(text)?.[1]

const codeOf = (error: Error) =>
  'code' in error && typeof error.code === 'string' ? error.code : error.message

/** How far the count of one version may be from its share, in both directions, but for one time in a million. */
export function binomialBound(share: number, total: number): { readonly low: number; readonly high: number } {
  const spread = 4.9 * Math.sqrt(total * share * (1 - share)) + 1
  return { low: total * share - spread, high: total * share + spread }
}
