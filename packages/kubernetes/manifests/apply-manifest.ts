import { sameVersion } from '../client/compare-and-swap.ts'
import { atOf } from '../client/paths.ts'
import type { Cluster, DryRun } from '../types/cluster.ts'
import type { KubeObject } from '../types/objects.ts'
import { takenOver } from './take-over.ts'

/**
 * Server-side apply of a manifest: fields of an earlier manifest that this one does not have are removed. Fields of client-side
 * `kubectl apply` are taken over first, so that they are removed, too. Failure `conflict` if another writes meanwhile. `told` gets
 * the object before, null = none, and the object now.
 */
export async function applyManifest<T extends KubeObject>(
  object: T,
  manager: string,
  cluster: Pick<Cluster, 'get' | 'apply' | 'patch'>,
  told: (before: KubeObject | null, after: KubeObject) => void = () => undefined,
): Promise<T> {
  const before = await takeOver(object, manager, cluster)
  const after = await cluster.apply(withoutStringData(object), manager)
  told(before, after)
  return after
}

/** Before the apply, not after it: a workload would roll its pods out twice. Returns the live object. */
async function takeOver(
  object: KubeObject,
  manager: string,
  cluster: Pick<Cluster, 'get' | 'patch'>,
): Promise<KubeObject | null> {
  const at = atOf(object)
  const live = await cluster.get(at)
  if (live === null) return null
  const value = takenOver({ ...live, apiVersion: object.apiVersion }, manager)
  if (value === null) return live
  await cluster.patch(at, [sameVersion(live), { op: 'replace', path: '/metadata/managedFields', value }])
  return live
}

/** The object as `applyManifest` would leave it, fields of client-side `kubectl apply` aside. */
export function dryRunManifest<T extends KubeObject>(
  object: T,
  manager: string,
  cluster: DryRun,
): Promise<T> {
  return cluster.dryRun(withoutStringData(object), manager)
}

/** The API server records no owner of `stringData`: a key removed from it would stay in `data` for ever. */
function withoutStringData<T extends KubeObject>(object: T): T {
  const { stringData, ...rest } = object as T & Secret
  if (object.kind !== 'Secret' || typeof stringData !== 'object' || stringData === null) return object
  const texts = Object.entries(stringData as Readonly<Record<string, unknown>>)
  // The API server refuses it by name.
  if (texts.some(([, text]) => typeof text === 'object')) return object
  const coded = texts.map(([key, text]) => [key, Buffer.from(String(text)).toString('base64')])
  return { ...rest, data: { ...rest.data, ...Object.fromEntries(coded) } } as unknown as T
}

interface Secret {
  readonly data?: Readonly<Record<string, string>>
  readonly stringData?: Readonly<Record<string, unknown>> | null
}
