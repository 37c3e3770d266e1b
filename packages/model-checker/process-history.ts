import { digest, nameOf } from '@alt-las/simulated-cluster'

/** All inputs of a runner, as one hash: two runs of the same code with equal hashes are in the same state. */
export interface HistoryRecorder {
  /** An answer, an error, an event of a watch. */
  told(what: string, value?: unknown): void
  /** It slept, and can now look at the whole world past its calls, as simulated metrics do. */
  woke(): void
  /** It read the clock, in virtual ms; a second read without new input or passed time adds nothing. */
  looked(elapsed: number): void
  name(): string
}

export function createHistoryRecorder(world: () => string): HistoryRecorder {
  let name = ''
  let seen = -1
  const told = (what: string, value?: unknown): void => {
    name = digest(`${name}\n${what}\n${textOf(value)}`)
    // It learns the time of this input only by its next read of the clock.
    seen = -1
  }
  return {
    told,
    woke: () => {
      told('woke', world())
    },
    looked: (elapsed) => {
      if (elapsed === seen) return
      told('time', elapsed)
      seen = elapsed
    },
    name: () => name,
  }
}

/** For who compares nothing. */
export const noRecorder: HistoryRecorder = {
  told: () => undefined,
  woke: () => undefined,
  looked: () => undefined,
  name: () => '',
}

export function textOf(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(textOf).join()}]`
  if (value instanceof Error)
    return `${value.name} ${'code' in value ? String(value.code) : ''} ${value.message}`
  return typeof value === 'object' && value !== null ? nameOf(value) : String(value)
}
