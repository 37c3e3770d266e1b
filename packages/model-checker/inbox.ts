import type { At } from '@alt-las/kubernetes'
import { digest } from '@alt-las/simulated-cluster'
import { textOf, type HistoryRecorder } from './process-history.ts'

/** The watches of one runner: events are kept while others run, and delivered when its turn comes. */
export interface Inbox {
  /** Its turn comes, and it receives all; or is over. */
  turn(isIts: boolean): void
  hasMessages(): boolean
  /** Its open watches and their undelivered events, as one hash. */
  name(): string
  /** The events of a watch, as this runner receives them; `open` begins it. */
  heard(at: At, open: (signal: AbortSignal) => AsyncIterable<unknown>, signal: AbortSignal): AsyncGenerator
}

interface Watch {
  readonly at: string
  readonly kept: unknown[]
  /** The server has answered and sends all events. */
  isOpen: boolean
  isOver: boolean
  wake: () => void
}

export function createInbox(recorder: HistoryRecorder): Inbox {
  const watches = new Set<Watch>()
  let isListening = true
  return {
    turn: (isIts) => {
      isListening = isIts
      if (isIts) for (const one of watches) one.wake()
    },
    hasMessages: () => [...watches].some(({ kept }) => kept.length > 0),
    name: () => {
      const open = [...watches].filter(({ isOpen }) => isOpen)
      return digest(open.map(({ at, kept }) => `${at} ${kept.map(wordOf).join()}`).join('\n'))
    },
    heard: async function* (at, open, signal) {
      const watch: Watch = {
        at: JSON.stringify(at),
        kept: [],
        isOpen: false,
        isOver: false,
        wake: () => undefined,
      }
      const left = new AbortController()
      const events = open(AbortSignal.any([signal, left.signal]))
      const failed = keep(watch, events)
      failed.catch(() => undefined)
      watches.add(watch)
      try {
        for (;;) {
          const next = isListening ? watch.kept.shift() : undefined
          if (next !== undefined) {
            const { type, object } = next as Told
            recorder.told(type, object)
            yield next
          } else if (watch.isOver) {
            await failed
            return
          } else await new Promise<void>((resolve) => (watch.wake = resolve))
        }
      } finally {
        watches.delete(watch)
        left.abort()
      }
    },
  }
}

interface Told {
  readonly type: string
  readonly object?: unknown
}

async function keep(watch: Watch, events: AsyncIterable<unknown>): Promise<void> {
  try {
    for await (const seen of events) {
      watch.isOpen = true
      watch.kept.push(seen)
      watch.wake()
    }
  } finally {
    watch.isOver = true
    watch.wake()
  }
}

function wordOf(seen: unknown): string {
  const { type, object } = seen as Told
  return `${type} ${textOf(object)}`
}
