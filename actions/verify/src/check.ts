import { Failure, describe } from '@alt-las/failure'
import type { Log } from '@alt-las/runner'
import type { Clock } from '@alt-las/time'

export type CheckKind = 'health' | 'api' | 'load' | 'security'

/** `failed`: the check could not be done, so nothing is known. It is never counted as passed, nor skipped. */
export interface Check {
  readonly kind: CheckKind
  readonly name: string
  readonly outcome: 'passed' | 'refused' | 'failed'
  readonly because: string
  readonly ms: number
}

/** What a check found. */
export interface Finding {
  readonly ok: boolean
  readonly because: string
}

export const yes = (because: string): Finding => ({ ok: true, because })
export const no = (because: string): Finding => ({ ok: false, because })

/** Does one named piece of work as a check. */
export type RunCheck = (
  kind: CheckKind,
  name: string,
  work: () => Promise<Finding> | Finding,
) => Promise<Check>

/**
 * Does checks and tells the log about each. What a check throws makes it `failed` and the others go on, so that one run tells
 * everything; an interruption alone ends the run.
 */
export function checkRunner(ports: {
  readonly clock: Clock
  readonly log: Log
  readonly interrupted: AbortSignal
}): RunCheck {
  return async (kind, name, work) => {
    const begun = ports.clock.elapsed()
    const { outcome, because } = await judged(work, ports.interrupted)
    const done = { kind, name, outcome, because, ms: Math.round(ports.clock.elapsed() - begun) }
    ports.log.line(`${outcome.padEnd(7)} ${kind.padEnd(8)} ${name}: ${because} (${String(done.ms)} ms)`)
    return done
  }
}

async function judged(
  work: () => Promise<Finding> | Finding,
  interrupted: AbortSignal,
): Promise<Pick<Check, 'outcome' | 'because'>> {
  if (interrupted.aborted) throw interruption(interrupted)
  try {
    const finding = await work()
    return { outcome: finding.ok ? 'passed' : 'refused', because: finding.because }
  } catch (error) {
    if (interrupted.aborted) throw interruption(interrupted)
    return { outcome: 'failed', because: describe(error) }
  }
}

function interruption(signal: AbortSignal): Failure {
  const why = signal.reason instanceof Error ? signal.reason.message : 'interrupted'
  return new Failure('interrupted', `${why} before the verification was complete; nothing was changed`, {
    fault: 'outside',
    hint: 'run this job again',
  })
}
