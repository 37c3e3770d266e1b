import type { Alive, At, KubeObject, Seen } from '@alt-las/kubernetes'
import { matchesFields, matchesLabels } from './cluster-select.ts'

/** What is there first, as `added`, then every change, until the signal is aborted. */
export async function* watching(
  listed: Promise<readonly KubeObject[]>,
  watchers: Set<(seen: Seen<KubeObject>) => void>,
  at: At,
  signal: AbortSignal,
): AsyncGenerator<Seen<KubeObject> | Alive> {
  const queue: Seen<KubeObject>[] = []
  let wake = (): void => undefined
  const listen = (seen: Seen<KubeObject>) => {
    if (!fits(seen.object, at)) return
    queue.push(seen)
    wake()
  }
  const stop = () => {
    wake()
  }
  watchers.add(listen)
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
    watchers.delete(listen)
    signal.removeEventListener('abort', stop)
  }
}

function fits({ kind, metadata, ...rest }: KubeObject, at: At): boolean {
  if (kind !== at.kind || (at.name ?? metadata.name) !== metadata.name) return false
  if (at.namespace !== undefined && at.namespace !== (metadata.namespace ?? 'default')) return false
  const object = { ...rest, kind, metadata }
  return matchesLabels(object, at.labelSelector) && matchesFields(object, at.fieldSelector)
}
