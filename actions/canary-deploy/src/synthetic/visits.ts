import type { Log } from '@alt-las/runner'
import type { Rollout } from '../state/rollout.ts'
import { formatSynthetic, type Synthetic } from './parse-synthetic.ts'
import { describeSent, nothingSent, type Sent } from './sent.ts'
import { startSynthetic, type Sending, type SyntheticPorts } from './start-synthetic.ts'

/** The synthetic requests of one rollout. */
export interface Visits {
  /** Sends while the version has traffic and is judged, and not otherwise. */
  follow(rollout: Rollout): void
  /** Nothing is sent from now on; resolves with what was, null where nothing was asked for. May be called twice. */
  over(): Promise<Sent | null>
}

export interface VisitPorts extends SyntheticPorts {
  readonly log: Log
}

export const noVisits: Visits = { follow: () => undefined, over: () => Promise.resolve(null) }

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
      if (summed === null && isJudging(rollout)) {
        if (sending === null) ports.log.line(`sends synthetic requests: ${formatSynthetic(synthetic)}`)
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

const isJudging = ({ phase, plan }: Rollout): boolean =>
  phase.kind === 'step' || (phase.kind === 'warm' && plan.strategy === 'blue-green' && plan.kind === 'deploy')

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
