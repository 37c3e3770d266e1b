import { asFailure, describe, Failure } from '@alt-las/failure'
import type { UnreadableState } from '@alt-las/rollout'
import type { Ports } from '../ports.ts'
import { atOnce, saidOf } from './at-once.ts'

interface EveryTarget<T> {
  readonly ports: Ports
  /** Name of the target, unique among all. */
  readonly name: (item: T) => string
  /** Title of its group in the log. */
  readonly title: (item: T) => string
  /** For the Failure if a target fails: the code is `<operation>-incomplete`, and `undone` names the missing work. */
  readonly operation: string
  readonly undone: string
  /** Further targets whose state cannot be read: named beside those that break. */
  readonly unreadable?: readonly UnreadableState[]
}

/**
 * Targets are independent, so they run in parallel: all take as long as the slowest, and a broken one does not stop
 * the others. Throws the only target's error, an interruption, or one Failure that names all broken targets.
 */
export async function everyTarget<T, R>(
  items: readonly T[],
  work: (item: T, ports: Ports) => Promise<R>,
  { ports, name, title, operation, undone, unreadable = [] }: EveryTarget<T>,
): Promise<readonly R[]> {
  const width = Math.max(...items.map((item) => name(item).length))
  const rolling = (item: T): Promise<R> => {
    const own = items.length === 1 ? ports : saidOf(name(item), width, ports)
    return own.log.chapter(title(item), () => work(item, own))
  }
  const settled = await atOnce(items, rolling, most)
  const errors = settled.flatMap((result, index) =>
    result.status === 'rejected' ? [{ item: items[index] as T, error: result.reason as unknown }] : [],
  )
  // An interruption is not a failure of a target, so it is thrown unchanged.
  const [worst] = [...errors].sort((a, b) => rank(a.error) - rank(b.error))
  if (worst !== undefined && (items.length + unreadable.length === 1 || rank(worst.error) === 0))
    throw worst.error
  if (errors.length > 0) {
    const each = [
      ...errors.map(({ item, error }) => `${name(item)}: ${describe(error)}`),
      ...unreadable.map(({ deployment, because }) => `${deployment}: ${because}`),
    ]
    throw new Failure(
      `${operation}-incomplete`,
      `${each.length} of ${items.length + unreadable.length} targets could not be ${undone}: ${each.join('; ')}`,
      { fault: 'outside', hint: 'the others are complete; run it again for these' },
    )
  }
  return settled.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []))
}

/** More than any release has: a rollout waits most of the time. */
const most = 64

const rank = (error: unknown): number => (asFailure(error).code === 'interrupted' ? 0 : 1)
