import { isDeepStrictEqual } from 'node:util'
import { fromJson, type KubeObject, takenOver, toJson } from '@alt-las/kubernetes'
import { manager } from '@alt-las/rollout'

interface States {
  readonly live: KubeObject
  /** From the manifest. */
  readonly wanted: KubeObject
  /** From the API server's dry run of an apply. */
  readonly next: KubeObject
}

/** Where an apply would change an object: paths only, so that the log holds no value of a Secret. */
export function changedPaths({ live, wanted, next }: States): readonly string[] {
  // The dry run misses fields that are first taken over from client-side kubectl apply and then removed.
  const former = takenOver(live, manager) === null ? [] : unsaid(recorded(live), content(wanted), '')
  return [...new Set([...pathsOf(content(live), content(next), ''), ...former])]
}

const record = 'kubectl.kubernetes.io/last-applied-configuration'
const bookkeeping = new Set(['resourceVersion', 'generation', 'managedFields', 'uid', 'creationTimestamp'])

/** Without the server's own fields, and without our fencing tokens. */
function content(object: KubeObject): unknown {
  const { metadata, ...rest } = object as KubeObject & { readonly status?: unknown }
  const { annotations = {}, ...kept } = metadata
  const theirs = Object.entries(annotations).filter(
    ([key]) => !key.startsWith('alt-las.dev/') && key !== record,
  )
  const bare = Object.entries(kept).filter(([key]) => !bookkeeping.has(key))
  const named = { ...Object.fromEntries(bare), annotations: Object.fromEntries(theirs) }
  return fromJson(toJson({ ...rest, status: undefined, metadata: named }))
}

function pathsOf(live: unknown, next: unknown, path: string): readonly string[] {
  if (isDeepStrictEqual(live, next)) return []
  if (next === undefined) return removed(live, path)
  if (!isBranch(live) || !isBranch(next)) return [path]
  if (Array.isArray(live) !== Array.isArray(next) || (Array.isArray(next) && live.length !== next.length))
    return [path]
  return [...new Set([...Object.keys(live), ...Object.keys(next)])].flatMap((key) =>
    pathsOf(live[key], next[key], path === '' ? key : `${path}.${key}`),
  )
}

/** Paths that the manifest no longer has. Lists are left out, since their items have no names here. */
function unsaid(said: unknown, now: unknown, path: string): readonly string[] {
  if (now === undefined) return removed(said, path)
  if (!isBranch(said) || !isBranch(now) || Array.isArray(said)) return []
  return Object.entries(said).flatMap(([key, value]) =>
    unsaid(value, now[key], path === '' ? key : `${path}.${key}`),
  )
}

/** The API server leaves out empty fields. */
const removed = (value: unknown, path: string): readonly string[] =>
  isBranch(value) && Object.keys(value).length === 0 ? [] : [`${path} (removed)`]

/** The last client-side kubectl apply; foreign text. */
function recorded({ metadata }: KubeObject): unknown {
  try {
    return content(JSON.parse(metadata.annotations?.[record] ?? '{"metadata":{}}') as KubeObject)
  } catch {
    return {}
  }
}

type Branch = Readonly<Record<string, unknown>> & { readonly length?: unknown }

const isBranch = (value: unknown): value is Branch => typeof value === 'object' && value !== null
