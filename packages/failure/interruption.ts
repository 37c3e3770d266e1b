import { Failure } from './failure.ts'

/** Why the work was interrupted, as the runner's signal says it: `interrupted by SIGTERM`. */
export function reasonOf(signal: AbortSignal): string {
  return signal.reason instanceof Error ? signal.reason.message : 'interrupted'
}

/** The end of a step that was interrupted. `state`: what is left, in one sentence for a person. */
export function interruption(signal: AbortSignal, state: string, hint?: string): Failure<'interrupted'> {
  return new Failure('interrupted', `${reasonOf(signal)}: ${state}`, {
    fault: 'outside',
    ...(hint === undefined ? {} : { hint }),
  })
}
