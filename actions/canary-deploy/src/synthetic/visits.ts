import { type Sent, type Visits, isBeingJudged, noVisits } from '@alt-las/rollout'
import type { Log } from '@alt-las/runner'
import { type Synthetic, formatSynthetic } from './parse-synthetic.ts'
import { describeSent, nothingSent } from './sent.ts'
import { type Sending, type SyntheticPorts, startSynthetic } from './start-synthetic.ts'

export interface VisitPorts extends SyntheticPorts {
  readonly log: Log
}

export function visits(synthetic: Synthetic | null, ports: VisitPorts): Visits {
  if (synthetic === null) return noVisits
  let sending: Sending | null = null
  const ended: Promise<Sent>[] = []
  let summed: Promise<Sent> | null = null
  const sumUp = async () => {
    const sent = (await Promise.all(ended)).reduce(sum, nothingSent)
    ports.log.line(describeSent(sent))
    return sent
  }
  return {
    follow: (rollout) => {
      if (summed === null && isBeingJudged(rollout)) {
        if (sending === null) ports.log.line(`sending synthetic requests: ${formatSynthetic(synthetic)}`)
        sending ??= startSynthetic(synthetic, ports)
      } else if (sending !== null) {
        ended.push(sending.stop())
        sending = null
      }
    },
    over: () => {
      if (sending !== null) ended.push(sending.stop())
      sending = null
      return (summed ??= sumUp())
    },
  }
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
