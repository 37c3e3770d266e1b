import { atOf } from '../client/paths.ts'
import type { Cluster, DryRun } from '../types/cluster.ts'
import type { KubeObject } from '../types/objects.ts'
import { takenOver } from './take-over.ts'

/**
 * Server-side apply of an object as its manifest says it: what an earlier manifest said and this one does not is removed. What client-side
 * `kubectl apply` owned is taken over first, so that this removes that, too. Failure `conflict` where another writes meanwhile. `told` hears
 * what was there before, null where nothing was, and what is there now.
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

/** Before the apply, not after it: a workload would roll its pods out twice. Answers what was there. */
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
  await cluster.patch(at, [
    { op: 'test', path: '/metadata/resourceVersion', value: live.metadata.resourceVersion },
    { op: 'replace', path: '/metadata/managedFields', value },
  ])
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

/** The API server owns `stringData` for nobody: a key that goes from there would stay in `data` for ever. */
function withoutStringData<T extends KubeObject>(object: T): T {
  const { stringData, ...rest } = object as T & Secret
  if (object.kind !== 'Secret' || typeof stringData !== 'object' || stringData === null) return object
  const coded = Object.entries(stringData).map(([key, text]) => [
    key,
    Buffer.from(String(text)).toString('base64'),
  ])
  return { ...rest, data: { ...rest.data, ...Object.fromEntries(coded) } } as unknown as T
}

interface Secret {
  readonly data?: Readonly<Record<string, string>>
  readonly stringData?: Readonly<Record<string, unknown>> | null
}
