import type { Log } from '@alt-las/runner'
import type { Ports } from '../ports.ts'

/** Works on all items, at most so many at a time; an error of one does not stop the others. Results in the order of the items. */
export async function atOnce<T, R>(
  items: readonly T[],
  work: (item: T) => Promise<R>,
  most = 8,
): Promise<readonly PromiseSettledResult<R>[]> {
  const results: PromiseSettledResult<R>[] = []
  const waiting = [...items.entries()]
  const hand = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [index, item] = next
      const [settled] = await Promise.allSettled([work(item)])
      results[index] = settled
    }
  }
  await Promise.all(Array.from({ length: Math.min(most, items.length) }, hand))
  return results
}

/** The ports with a log that begins each line with the target; `width` aligns the sentences. */
export function saidOf(target: string, width: number, ports: Ports): Ports {
  const { log } = ports
  const head = `${target.padEnd(width)}  `
  const own: Log = {
    line: (text) => {
      log.line(head + text)
    },
    warn: (text) => {
      log.warn(`${target}: ${text}`)
    },
    // Two log groups cannot be open at the same time.
    chapter: (title, work) => {
      log.line(head + title)
      return work()
    },
    raw: (work) => log.raw(work),
  }
  return { ...ports, log: own }
}
