import { readable } from '../base/duration.ts'
import type { RunEvent } from './events.ts'

/** Lines that are kept back of a folded group, to be shown when its step fails. */
const kept = 40

interface Fold {
  readonly title: string
  readonly began: number
  count: number
  lines: string[]
}

/**
 * Turns events into lines for a person: `[job/step] text` with the time since the run began. Groups are folded into one line; a step that
 * fails shows the end of what was folded.
 */
export function renderer(): (event: RunEvent) => readonly string[] {
  const folds = new Map<string, Fold>()
  const last = new Map<string, Fold>()
  return (event) => {
    if (event.kind === 'runner') return [line(event.at, `runner ${event.level}: ${event.text}`)]
    if (event.kind === 'job-ended') return [line(event.at, `[${event.job}] job ${event.result}`)]
    const key = `${event.job}/${event.step}`
    const fold = folds.get(key)
    switch (event.kind) {
      case 'step-began':
        return [line(event.at, `[${key}] …`)]
      case 'output':
        if (fold === undefined) {
          last.delete(key)
          return [line(event.at, `[${key}] ${event.text}`)]
        }
        fold.count += 1
        fold.lines = [...fold.lines.slice(1 - kept), event.text]
        return []
      case 'group':
        folds.set(key, { title: event.title, began: event.at, count: 0, lines: [] })
        return fold === undefined ? [] : [folded(event.at, key, fold)]
      case 'group-ended':
        folds.delete(key)
        if (fold === undefined) return []
        last.set(key, fold)
        return [folded(event.at, key, fold)]
      case 'annotation':
        return [line(event.at, `[${key}] ${event.level}: ${event.text}`)]
      case 'summary':
        return []
      case 'step-ended': {
        folds.delete(key)
        const open = event.result === 'failure' ? (fold ?? last.get(key)) : undefined
        const unfolded =
          open === undefined ? [] : open.lines.map((text) => line(event.at, `[${key}] │ ${text}`))
        return [
          ...unfolded,
          line(
            event.at,
            `[${key}] ${event.result === 'success' ? '✔' : '✘'} ${event.result} (${readable(event.took)})`,
          ),
        ]
      }
    }
  }
}

const folded = (at: number, key: string, fold: Fold): string =>
  line(at, `[${key}] ▸ ${fold.title} (${fold.count} lines, ${readable(at - fold.began)})`)

function line(at: number, text: string): string {
  const seconds = Math.floor(at / 1000)
  const two = (n: number): string => String(n).padStart(2, '0')
  return `${two(Math.floor(seconds / 60))}:${two(seconds % 60)} ${text}`
}
