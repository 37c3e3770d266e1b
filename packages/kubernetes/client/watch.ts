import { Failure } from '@alt-las/failure'
import type { Clock } from '@alt-las/time'
import { parseJson, type Api } from './api.ts'
import type { Alive, At, WatchEvent } from '../types/cluster.ts'
import type { Connection } from './connection.ts'
import type { KubeObject } from '../types/objects.ts'
import { describeAt, listAt, onlyName, query } from './paths.ts'
import { refusal } from './refusal.ts'

export interface Listed {
  readonly items: readonly KubeObject[]
  readonly version: string
}

export interface WatchPorts {
  readonly api: Api
  readonly wire: Connection
  readonly clock: Clock
  readonly list: () => Promise<Listed>
}

interface WireEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR'
  readonly object: KubeObject & { readonly code?: number; readonly message?: string }
}

/** How long the server keeps one connection. It gives a sign of life shortly before: one that is quiet for longer is broken. */
const connectionSeconds = 45
const quietMs = (connectionSeconds + 10) * 1000
const alive: Alive = { type: 'alive' }
const lost: Alive = { type: 'lost' }
const patience = 5

/**
 * The existing objects as `added`, then every change, until the signal is aborted. An ended connection is resumed at its version; if
 * the server no longer has that version (410), the list is compared with the events so far, so that no change is lost, although several may be
 * merged into one. Throws after five connections in a row without any event.
 */
export async function* watching<T extends KubeObject>(
  ports: WatchPorts,
  at: At,
  signal: AbortSignal,
): AsyncGenerator<WatchEvent<T> | Alive> {
  const known = new Map<string, KubeObject>()
  let version: string | null = null
  let failures = 0
  while (!signal.aborted) {
    if (version === null) {
      const listed = await ports.list()
      for (const seen of differences(known, listed)) yield remember(known, seen) as WatchEvent<T>
      version = listed.version
      yield alive
    }
    const opened = ports.clock.elapsed()
    try {
      for await (const event of events(ports, at, { version, signal })) {
        failures = 0
        version = event.object.metadata.resourceVersion ?? version
        yield event.type === 'BOOKMARK' ? alive : (remember(known, toWatchEvent(event)) as WatchEvent<T>)
      }
      // A server that hangs up at once counts as unavailable.
      if (ports.clock.elapsed() - opened < 1000) throw hungUp(at)
      yield alive
    } catch (error) {
      const gone = error instanceof Failure && error.code === 'gone'
      if (gone) version = null
      else if ((failures += 1) >= patience || isFinal(error)) throw error
      if (!signal.aborted) yield lost
      if (!gone && !signal.aborted) await pause(ports.clock, failures, signal)
    }
  }
}

async function* events(
  { api, wire }: WatchPorts,
  at: At,
  { version, signal }: { readonly version: string; readonly signal: AbortSignal },
): AsyncGenerator<WireEvent> {
  const what = `watch ${describeAt(at)}`
  const path = await api.path(listAt(at))
  const options = query({
    watch: true,
    allowWatchBookmarks: true,
    resourceVersion: version,
    timeoutSeconds: connectionSeconds,
    labelSelector: at.labelSelector,
    fieldSelector: onlyName(at),
  })
  for await (const line of wire.stream(path + options, signal, quietMs)) {
    if (typeof line !== 'string') throw refusal(line, what)
    const event = parseJson(line, what) as WireEvent
    if (event.type === 'ERROR') {
      throw refusal({ status: event.object.code ?? 500, text: JSON.stringify(event.object) }, what)
    }
    yield event
  }
}

function differences(
  known: ReadonlyMap<string, KubeObject>,
  { items, version }: Listed,
): readonly WatchEvent<KubeObject>[] {
  const present = new Map(items.map((one) => [keyOf(one), one]))
  const gone = [...known]
    .filter(([key]) => !present.has(key))
    .map(([, object]) => ({ type: 'deleted' as const, object: ofVersion(object, version) }))
  const changed = items.flatMap((object): WatchEvent<KubeObject>[] => {
    const before = known.get(keyOf(object))
    if (before === undefined) return [{ type: 'added', object }]
    const same = before.metadata.resourceVersion === object.metadata.resourceVersion
    return same ? [] : [{ type: 'modified', object }]
  })
  return [...gone, ...changed]
}

// Like the server's deletion event: the version is that of the deletion, here of the list without the object.
function ofVersion(object: KubeObject, resourceVersion: string): KubeObject {
  return { ...object, metadata: { ...object.metadata, resourceVersion } }
}

function remember(known: Map<string, KubeObject>, seen: WatchEvent<KubeObject>): WatchEvent<KubeObject> {
  if (seen.type === 'deleted') known.delete(keyOf(seen.object))
  else known.set(keyOf(seen.object), seen.object)
  return seen
}

function toWatchEvent({ type, object }: WireEvent): WatchEvent<KubeObject> {
  if (type === 'ADDED') return { type: 'added', object }
  return { type: type === 'DELETED' ? 'deleted' : 'modified', object }
}

const keyOf = ({ metadata }: KubeObject): string =>
  metadata.uid ?? `${metadata.namespace ?? ''}/${metadata.name}`

const hungUp = (at: At) =>
  new Failure('unavailable', `watch ${describeAt(at)}: the server ended the connection at once`, {
    fault: 'outside',
  })

const isFinal = (error: unknown): boolean =>
  error instanceof Failure && ['forbidden', 'invalid', 'not-found'].includes(error.code)

async function pause(clock: Clock, failures: number, signal: AbortSignal): Promise<void> {
  try {
    await clock.sleep(Math.min(10_000, 500 * 2 ** failures), signal)
  } catch (error) {
    if (!signal.aborted) throw error
  }
}
