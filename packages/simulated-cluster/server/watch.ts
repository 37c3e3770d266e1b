import type { Alive, At, KubeObject, WatchEvent } from '@alt-las/kubernetes'
import { kindKey, placeFits } from './place.ts'
import type { Notify } from './store.ts'

/** One open watch. */
export interface Watcher {
  readonly notify: Notify
  /** Nothing has changed, and it would have been told. */
  readonly beat: () => void
}

/** What is there first, as `added`, then a sign of life, then every change, until the signal is aborted. */
export async function* watching(
  listed: Promise<readonly KubeObject[]>,
  watchers: Set<Watcher>,
  at: At,
  signal: AbortSignal,
): AsyncGenerator<WatchEvent<KubeObject> | Alive> {
  const queue: (WatchEvent<KubeObject> | Alive)[] = []
  let wake = (): void => undefined
  const kind = kindKey(at)
  const fits = placeFits(at)
  const notify: Notify = (seen, previous) => {
    if (kindKey(seen.object) !== kind) return
    const told = asSeen(seen, { was: previous !== undefined && fits(previous), is: fits(seen.object) })
    if (told === null) return
    queue.push(told)
    wake()
  }
  const stop = () => {
    wake()
  }
  const beat = () => {
    queue.push({ type: 'alive' })
    wake()
  }
  const watcher = { notify, beat }
  watchers.add(watcher)
  signal.addEventListener('abort', stop)
  try {
    for (const object of await listed) yield { type: 'added', object }
    yield { type: 'alive' }
    while (!signal.aborted) {
      const next = queue.shift()
      if (next !== undefined) yield next
      else await new Promise<void>((resolve) => (wake = resolve))
    }
  } finally {
    watchers.delete(watcher)
    signal.removeEventListener('abort', stop)
  }
}

/** An object that comes to fit the selector is added for this watcher, one that no longer does is deleted. */
export function asSeen(
  { type, object }: WatchEvent<KubeObject>,
  { was, is }: { readonly was: boolean; readonly is: boolean },
): WatchEvent<KubeObject> | null {
  if (type === 'deleted') return was ? { type, object } : null
  if (is) return { type: was ? 'modified' : 'added', object }
  return was ? { type: 'deleted', object } : null
}
