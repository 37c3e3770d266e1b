import { isSuspected } from '../../judging/judging.ts'
import type { Observation } from '../../model/observation.ts'
import type { Soak } from '../../model/quiet.ts'
import type { Rollout } from '../../model/rollout.ts'
import { versionNames } from '../../strategies/strategies.ts'
import { isTimed } from '../../strategies/ramp.ts'
import { nowOf } from './progress-words.ts'

/** An older look says nothing about the end of a step, in ms. */
const freshMs = 20_000

/** A version that goes on by time was looked at just now, its pods and logs are healthy, and what traffic there is speaks for it. */
export function isSoaked(rollout: Rollout, seen: Observation): boolean {
  const { judgement, plan } = rollout
  const soak = judgement.quiet?.soak
  if (soak === undefined || soak.trouble !== null || isSuspected(judgement, plan.judging)) return false
  return nowOf(rollout, seen) - soak.at <= freshMs
}

/** What was looked at. */
export function soakWords(soak: Soak | undefined): string {
  if (soak === undefined) return 'its pods are looked at'
  const { pods, lines, trouble } = soak
  if (trouble !== null) return trouble
  return `${pods === 1 ? '1 pod' : `${pods} pods`} ready, none restarted, no new kind of error in ${lines} log lines`
}

/** What speaks for the version: the judge's sentence, or where it was not judged by traffic, what was looked at instead. */
export function judgedWords(rollout: Rollout): string {
  const { judgement, plan } = rollout
  if (!isTimed(rollout)) return judgement.because
  const { fresh } = versionNames(plan)
  return `${fresh} was not judged by traffic; its API tests passed; ${soakWords(judgement.quiet?.soak)}; of the traffic: ${judgement.because}`
}
