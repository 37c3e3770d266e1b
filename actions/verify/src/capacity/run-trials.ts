import type { Http } from '@alt-las/api-tests'
import { judgeLoad, runLoad, type LoadResult, type LoadTarget, type Thresholds } from '@alt-las/load'
import type { Log } from '@alt-las/runner'
import type { Clock } from '@alt-las/time'
import { loadSender, type LoadRequest } from '../load/requests.ts'
import { nextStep, type SearchBounds, type Step, type Trial } from './search.ts'

export interface TrialPlan extends SearchBounds {
  readonly url: URL
  /** Of one request. */
  readonly timeoutMs: number
  /** Of one rate. */
  readonly stepMs: number
  readonly thresholds: Thresholds
}

export interface TrialPorts {
  readonly http: Http
  readonly clock: Clock
  readonly log: Log
  readonly interrupted: AbortSignal
}

export interface MeasuredTrial extends Trial {
  readonly load: LoadResult
  readonly because: string
}

export interface Search {
  readonly trials: readonly MeasuredTrial[]
  readonly found: Extract<Step, { readonly kind: 'found' }>
}

/** Between two rates: what waits in line has gone. */
const pauseMs = 2000
const warmUpMs = 2000
/** As in the check `load`. */
const mostUnsent = 0.02

/** Sends one rate after the other, as the search decides. `before` is called with each one, `after` with each one that was too much. */
export async function runTrials(
  plan: TrialPlan,
  targets: readonly LoadTarget<LoadRequest>[],
  ports: TrialPorts & {
    readonly before: () => Promise<void>
    readonly after: (trial: MeasuredTrial) => Promise<void>
  },
): Promise<Search> {
  const { clock, log, interrupted, before, after } = ports
  const sender = loadSender(plan, ports)
  const trials: MeasuredTrial[] = []
  for (;;) {
    const step = nextStep(trials, plan)
    if (step.kind === 'found') return { trials, found: step }
    const { rate } = step
    const { stepMs: durationMs, thresholds } = plan
    const stop = stopRule(thresholds)
    await before()
    const load = await runLoad({ targets, rate, durationMs, warmUpMs, stop }, { ...ports, send: sender.send })
    sender.mustHaveReached()
    const trial = { rate, load, ...judged(load, thresholds) }
    trials.push(trial)
    log.line(`${rate} requests per second: ${trial.outcome}: ${trial.because}`)
    if (trial.outcome === 'exceeded') await after(trial)
    await clock.sleep(pauseMs, interrupted)
  }
}

/** A rate that is too much is seen soon: the system need not suffer for the rest of the step. */
function stopRule({ maxErrorRate, maxP95Ms, maxP99Ms }: Thresholds) {
  const limitMs = maxP99Ms ?? maxP95Ms ?? 1000
  return { maxFailedShare: Math.max(0.1, 2 * maxErrorRate), maxBacklogMs: Math.max(1000, 4 * limitMs) }
}

function judged(load: LoadResult, thresholds: Thresholds): Pick<MeasuredTrial, 'outcome' | 'because'> {
  const { count, unsent, stopped, p95Ms } = load
  if (stopped !== null) return { outcome: 'exceeded', because: stopped }
  if (unsent > mostUnsent * (count + unsent))
    return { outcome: 'not-sent', because: `this runner left out ${unsent} of ${count + unsent} requests` }
  const wrong = judgeLoad(load, thresholds).filter(({ ok }) => !ok)
  if (wrong.length === 0) return { outcome: 'held', because: `p95 is ${p95Ms} ms` }
  return { outcome: 'exceeded', because: wrong.map(({ because }) => because).join('; ') }
}
