import { digest, nameOf } from '@alt-las/simulated-cluster'

/** All that a runner was told, under one name: of two runs of the same code with equal names, both stand at the same place. */
export interface HistoryRecorder {
  /** An answer, an error, an event of a watch. */
  told(what: string, value?: unknown): void
  /** It slept, and can now look at the whole world past its calls, as simulated metrics do. */
  woke(): void
  /** It looked at the clock, in virtual ms; looking again before it was told anything and time has passed tells nothing new. */
  looked(elapsed: number): void
  name(): string
}

export function createHistoryRecorder(world: () => string): HistoryRecorder {
  let name = ''
  let seen = -1
  const told = (what: string, value?: unknown): void => {
    name = digest(`${name}\n${what}\n${textOf(value)}`)
    // When it was told that, it knows by its next look only.
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
