import { asFailure, describe, interruption, type Failure } from '@alt-las/failure'
import type { Log } from '@alt-las/runner'
import type { Clock } from '@alt-las/time'
import { causeOf, type Cause } from './cause.ts'

export const checkKinds = ['health', 'api', 'security', 'load', 'capacity', 'monitor'] as const
export type CheckKind = (typeof checkKinds)[number]

/** `failed`: the check could not be done, so nothing is known. It never counts as passed or as skipped. */
export interface Check {
  readonly kind: CheckKind
  readonly name: string
  readonly outcome: 'passed' | 'refused' | 'failed'
  readonly because: string
  /** Of a failed check, and of a refused one that the verified service did not cause. */
  readonly cause?: Cause
  /** What to do about it; `because` of a failed check ends with it. */
  readonly remedy?: string
  /** What the check was to look at and could not, each with its reason. It passed for the rest alone. */
  readonly notChecked?: readonly string[]
  readonly ms: number
}

export interface CheckFinding extends Pick<Check, 'cause' | 'remedy' | 'notChecked'> {
  readonly ok: boolean
  readonly because: string
}

/** A finding with a value for the checks after it. */
export interface Learned<T> extends CheckFinding {
  readonly value: T
}

export const yes = (because: string): CheckFinding => ({ ok: true, because })
export const no = (because: string): CheckFinding => ({ ok: false, because })

/** A "no" about what surrounds the services: to bring their release back would not change it. */
export const noOutside = (because: string, remedy: string): CheckFinding => {
  return { ok: false, because, remedy, cause: 'outside' }
}

/** `failed`: there is no value. */
export type Attempt<T> =
  | { readonly kind: 'done'; readonly check: Check; readonly value: T }
  | { readonly kind: 'failed'; readonly check: Check }

/** Work that throws is a `failed` check, and the other checks go on. Only an interruption rejects. */
export interface CheckRunner {
  run(kind: CheckKind, name: string, work: () => Promise<CheckFinding> | CheckFinding): Promise<Check>
  learn<T>(kind: CheckKind, name: string, work: () => Promise<Learned<T>> | Learned<T>): Promise<Attempt<T>>
  /** Reads facts that other checks need. It becomes a check, a failed one, only where it throws. */
  need<T>(
    kind: CheckKind,
    name: string,
    work: () => Promise<T>,
  ): Promise<
    { readonly kind: 'done'; readonly value: T } | { readonly kind: 'failed'; readonly check: Check }
  >
}

export interface CheckRunnerPorts {
  readonly clock: Clock
  readonly log: Log
  readonly interrupted: AbortSignal
  /** Called with each check as soon as it is done. */
  readonly keep: (check: Check) => void
}

export function checkRunner({ clock, log, interrupted, keep }: CheckRunnerPorts): CheckRunner {
  const attempt = async <T>(work: () => Promise<T> | T) => {
    if (interrupted.aborted) throw incomplete(interrupted)
    try {
      return { kind: 'done', value: await work() } as const
    } catch (error) {
      if (interrupted.aborted) throw incomplete(interrupted)
      const { hint } = asFailure(error)
      const remedy = hint === undefined ? {} : { remedy: hint }
      return { kind: 'failed', because: describe(error), cause: causeOf(error), ...remedy } as const
    }
  }
  const finish = (check: Check): Check => {
    log.line(
      `${check.outcome.padEnd(7)} ${check.kind.padEnd(8)} ${check.name}: ${check.because} (${check.ms} ms)`,
    )
    keep(check)
    return check
  }
  const learn: CheckRunner['learn'] = async (kind, name, work) => {
    const begun = clock.elapsed()
    const attempted = await attempt(work)
    const ms = Math.round(clock.elapsed() - begun)
    if (attempted.kind === 'failed')
      return {
        kind: 'failed',
        check: finish({ kind, name, ...failed(attempted), ms }),
      }
    const { ok, value, ...told } = attempted.value
    return {
      kind: 'done',
      check: finish({ kind, name, outcome: ok ? 'passed' : 'refused', ...told, ms }),
      value,
    }
  }
  return {
    learn,
    run: async (kind, name, work) => {
      const { check } = await learn(kind, name, async () => ({ ...(await work()), value: null }))
      return check
    },
    need: async (kind, name, work) => {
      const begun = clock.elapsed()
      const attempted = await attempt(work)
      if (attempted.kind === 'done') return attempted
      const ms = Math.round(clock.elapsed() - begun)
      return { kind: 'failed', check: finish({ kind, name, ...failed(attempted), ms }) }
    },
  }
}

function failed({ because, cause, remedy }: Pick<Check, 'because' | 'remedy'> & { readonly cause: Cause }) {
  return { outcome: 'failed', because, cause, ...(remedy === undefined ? {} : { remedy }) } as const
}

/** Work that several checks share: begun by the first check that asks for it, done once. */
export function shared<T>(work: () => Promise<T>): () => Promise<T> {
  let begun: Promise<T> | null = null
  return () => (begun ??= work())
}

function incomplete(signal: AbortSignal): Failure<'interrupted'> {
  return interruption(signal, 'the verification is not complete; nothing was changed', 'run this job again')
}
