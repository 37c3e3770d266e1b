import type { Sent } from '@alt-las/rollout'
import type { Clock } from '@alt-las/time'
import type { Stream } from './parse-synthetic.ts'
import { nothingSent } from './sent.ts'

export interface SyntheticPorts {
  /**
   * One GET whose answer is discarded; `fresh`: on a connection of its own. Resolves with the status, or null without an answer;
   * never rejects. Gives up at once when the signal is aborted.
   */
  readonly ask: (
    url: string,
    how: { readonly fresh: boolean; readonly signal: AbortSignal },
  ) => Promise<number | null>
  readonly clock: Clock
  /** 0..1 */
  readonly random: () => number
  /** After it, nothing is sent. */
  readonly interrupted: AbortSignal
}

export interface Sending {
  /** So far. */
  sent(): Sent
  /** Stops sending and aborts open requests; resolves when none is left. May be called twice. */
  stop(): Promise<Sent>
}

/** After a suspended process resumes, at most this many requests are sent at once. */
const mostLateMs = 1000

/**
 * Sends through the gateway as users do, whatever the answers are: open loop, at random times, to a random address, every second one on
 * average on a new connection. Random, since gateways distribute requests in turns: two alternating addresses would each
 * meet one version only. A failed request ends nothing here; the judge sees it in the gateway's counters like any other request.
 */
export function startSynthetic(synthetic: readonly Stream[], ports: SyntheticPorts): Sending {
  const over = new AbortController()
  const signal = AbortSignal.any([over.signal, ports.interrupted])
  const flying = new Set<Promise<void>>()
  let counts = nothingSent
  const send = () => {
    counts = { ...counts, sent: counts.sent + 1 }
    const fresh = ports.random() < 0.5
    const flight = ports.ask(drawn(synthetic, ports.random()).url, { fresh, signal }).then((status) => {
      flying.delete(flight)
      // An aborted request proves nothing about the service.
      if (status === null && signal.aborted) return
      counts = noted(counts, status)
    })
    flying.add(flight)
  }
  const loop = paced(rateOf(synthetic), send, { ...ports, interrupted: signal })
  return {
    sent: () => counts,
    stop: async () => {
      over.abort()
      await loop
      await Promise.all(flying)
      return counts
    },
  }
}

/** Calls `send` `rate` times a second on average, each time independent of the others, until interrupted. */
async function paced(
  rate: number,
  send: () => void,
  { clock, random, interrupted }: Pick<SyntheticPorts, 'clock' | 'random' | 'interrupted'>,
): Promise<void> {
  const gapMs = () => (-Math.log(1 - random()) / rate) * 1000
  let due = clock.elapsed() + gapMs()
  while (!interrupted.aborted) {
    const early = due - clock.elapsed()
    if (early > 0) {
      try {
        await clock.sleep(early, interrupted)
      } catch (error) {
        if (interrupted.aborted) return
        throw error
      }
      continue
    }
    send()
    due = Math.max(due, clock.elapsed() - mostLateMs) + gapMs()
  }
}

const rateOf = (synthetic: readonly Stream[]): number => synthetic.reduce((sum, one) => sum + one.rate, 0)

/** One of the streams, in proportion to its rate; `at` in 0..1. */
function drawn(synthetic: readonly Stream[], at: number): Stream {
  let left = at * rateOf(synthetic)
  for (const one of synthetic) {
    left -= one.rate
    if (left < 0) return one
  }
  const last = synthetic.at(-1)
  if (last === undefined) throw new Error('there is nothing to send')
  return last
}

function noted(counts: Sent, status: number | null): Sent {
  const failed = status === null || status >= 500 ? counts.failed + 1 : counts.failed
  const kind = status === null ? 'no answer' : `${Math.floor(status / 100)}xx`
  return { ...counts, failed, answers: { ...counts.answers, [kind]: (counts.answers[kind] ?? 0) + 1 } }
}
