import { fewestRequests } from '../../judging/proof-forecast.ts'
import type { Observation } from '../../model/observation.ts'
import type { Rollout } from '../../model/rollout.ts'
import { mostUnproven } from '../../strategies/ramp.ts'
import { versionNames } from '../../strategies/strategies.ts'

/** What a judged version waits for: how many of how many requests, at what rate, and until when. */
export function proofWords(rollout: Rollout, seen: Observation): string {
  const { judgement, plan } = rollout
  const { state, forecast } = judgement
  const now = nowOf(rollout, seen)
  const end = now + Math.max(0, plan.judging.maxDurationMs - judgedMsOf(rollout, seen))
  if (state !== null && state.provenAt !== null) {
    const left = Math.max(0, state.settings.bake - (state.watched - state.provenAt))
    return left > 0 ? `proven, bakes until ${clockTime(now + left)}` : 'proven, and the bake is over'
  }
  const got = Math.round(judgement.steps.reduce((sum, { canary }) => sum + canary.requests, 0))
  const needed = forecast?.requests ?? fewestRequests
  const { fresh } = versionNames(plan)
  const count = `${got} of ${forecast === undefined ? 'at least' : 'some'} ${needed} requests to ${fresh} for the proof`
  const rate = ((state?.pace.rps ?? 0) * (judgement.steps.at(-1)?.weight ?? 0)) / 100
  const decides = `max-duration ends at ${clockTime(end)}, then on-undecided decides`
  if (got >= needed) return `${count}; ${decides}`
  if (rate < leastRate) return `${count}, and hardly any comes: ${decides}`
  const until = now + leftMs(rollout, { seen, requests: needed - got, rate })
  const pace = `${count}, at ${figure(rate)}/s`
  return until > end ? `${pace} not in time: ${decides}` : `${pace} until about ${clockTime(until)}`
}

/** At this weight; the adaptive ramp ends at a higher one, as foreseen. */
function leftMs(
  { plan, judgement }: Rollout,
  { seen, requests, rate }: { readonly seen: Observation; readonly requests: number; readonly rate: number },
): number {
  if (plan.ramp === 'fixed') return (1000 * requests) / rate
  const most = Math.max(rate, ((judgement.state?.pace.rps ?? 0) * mostUnproven) / 100)
  return Math.max((1000 * requests) / most, (judgement.forecast?.proofMs ?? 0) - seen.judgedMs)
}

/** One request in ten minutes; fewer promise nothing. */
const leastRate = 1 / 600

/** After a switch of all traffic the soak runs from the switch. */
const judgedMsOf = ({ phase }: Rollout, { judgedMs, enteredMs }: Observation): number =>
  phase.kind === 'warm' ? enteredMs : judgedMs

/** Wall time of the observation, ms since 1970. */
export const nowOf = ({ enteredAt }: Rollout, { enteredMs }: Observation): number => enteredAt + enteredMs

/** `14:32 UTC`. */
export const clockTime = (ms: number): string => `${new Date(ms).toISOString().slice(11, 16)} UTC`

const figure = (value: number): string => String(Number(value.toPrecision(2)))
