import { describe, interruption, type Failure } from '@alt-las/failure'
import type { Log } from '@alt-las/runner'
import type { Clock } from '@alt-las/time'
import { causeOf, type Cause } from './cause.ts'

export const checkKinds = ['health', 'api', 'security', 'load'] as const
export type CheckKind = (typeof checkKinds)[number]

/** `failed`: the check could not be done, so nothing is known. It never counts as passed or as skipped. */
export interface Check {
  readonly kind: CheckKind
  readonly name: string
  readonly outcome: 'passed' | 'refused' | 'failed'
  readonly because: string
  /** Of a failed check. */
  readonly cause?: Cause
  readonly ms: number
}

export interface CheckFinding {
  readonly ok: boolean
  readonly because: string
}

/** A finding with a value for the checks after it. */
export interface Learned<T> extends CheckFinding {
  readonly value: T
}

export const yes = (because: string): CheckFinding => ({ ok: true, because })
export const no = (because: string): CheckFinding => ({ ok: false, because })

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
      return { kind: 'failed', because: describe(error), cause: causeOf(error) } as const
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
    const { ok, because, value } = attempted.value
    return {
      kind: 'done',
      check: finish({ kind, name, outcome: ok ? 'passed' : 'refused', because, ms }),
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

function failed({ because, cause }: Pick<Check, 'because'> & { readonly cause: Cause }) {
  return { outcome: 'failed', because, cause } as const
}

/** Work that several checks share: begun by the first check that asks for it, done once. */
export function shared<T>(work: () => Promise<T>): () => Promise<T> {
  let begun: Promise<T> | null = null
  return () => (begun ??= work())
}

function incomplete(signal: AbortSignal): Failure<'interrupted'> {
  return interruption(signal, 'the verification is not complete; nothing was changed', 'run this job again')
}
