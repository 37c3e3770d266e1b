import { type Sent, type Visits, isBeingJudged } from '@alt-las/rollout'
import type { Log } from '@alt-las/runner'
import { type Synthetic, formatSynthetic } from './parse-synthetic.ts'
import { describeSent, nothingSent } from './sent.ts'
import { quietAddresses, streamsOf } from './streams.ts'
import { type Sending, type SyntheticPorts, startSynthetic } from './start-synthetic.ts'

/** Addresses that are tried before anything is sent. */
const mostProbed = 3

export interface VisitPorts extends SyntheticPorts {
  readonly log: Log
}

/** The synthetic requests of the inputs, or of the plan that an earlier run began. */
export function visits(synthetic: Synthetic | null, ports: VisitPorts): Visits {
  let sending: Sending | null = null
  let announced: string | null = null
  let isAsked = synthetic?.some(({ rate }) => rate !== null) ?? false
  const ended: Promise<Sent>[] = []
  let summed: Promise<Sent | null> | null = null
  const sumUp = async () => {
    if (!isAsked) return null
    const sent = (await Promise.all(ended)).reduce(sum, nothingSent)
    ports.log.line(describeSent(sent))
    return sent
  }
  return {
    follow: (rollout) => {
      if (summed === null && isBeingJudged(rollout)) {
        const streams = streamsOf(rollout, synthetic ?? rollout.plan.synthetic ?? [])
        if (sending !== null || streams.length === 0) return
        isAsked = true
        const text = `sending synthetic requests: ${formatSynthetic(streams)}`
        if (text !== announced) ports.log.line(text)
        announced = text
        sending = startSynthetic(streams, ports)
      } else if (sending !== null) {
        ended.push(sending.stop())
        sending = null
      }
    },
    reach: (plan) => whyUnreachable(quietAddresses(plan, synthetic ?? plan.synthetic ?? []), ports),
    over: () => {
      if (sending !== null) ended.push(sending.stop())
      sending = null
      return (summed ??= sumUp())
    },
  }
}

/** One request to each of a few addresses, as users send it; null where one is answered well. */
async function whyUnreachable(
  urls: readonly string[],
  { ask, interrupted }: VisitPorts,
): Promise<string | null> {
  const asked = await Promise.all(
    urls.slice(0, mostProbed).map(async (url) => ({
      url,
      status: await ask(url, { fresh: true, signal: interrupted }),
    })),
  )
  if (asked.some(({ status }) => status !== null && status < 400)) return null
  const [first] = asked
  if (first === undefined) return 'there is no address to send them to'
  return first.status === null
    ? `${first.url} gave the runner no answer`
    : `${first.url} answered the runner with ${first.status}`
}

function sum(one: Sent, other: Sent): Sent {
  const kinds = [...new Set([...Object.keys(one.answers), ...Object.keys(other.answers)])]
  return {
    sent: one.sent + other.sent,
    failed: one.failed + other.failed,
    answers: Object.fromEntries(
      kinds.map((kind) => [kind, (one.answers[kind] ?? 0) + (other.answers[kind] ?? 0)]),
    ),
  }
}
