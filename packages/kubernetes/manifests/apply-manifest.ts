import { atOf } from '../client/paths.ts'
import type { Cluster, DryRun } from '../types/cluster.ts'
import type { KubeObject } from '../types/objects.ts'
import { takenOver } from './take-over.ts'

/**
 * Server-side apply of an object as its manifest says it: what an earlier manifest said and this one does not is removed. What client-side
 * `kubectl apply` owned is taken over first, so that this removes that, too. Failure `conflict` where another writes meanwhile.
 */
export async function applyManifest<T extends KubeObject>(
  object: T,
  manager: string,
  cluster: Pick<Cluster, 'get' | 'apply' | 'patch'>,
): Promise<T> {
  await takeOver(object, manager, cluster)
  return cluster.apply(withoutStringData(object), manager)
}

/** Before the apply, not after it: a workload would roll its pods out twice. */
async function takeOver(
  object: KubeObject,
  manager: string,
  cluster: Pick<Cluster, 'get' | 'patch'>,
): Promise<void> {
  const at = atOf(object)
  const live = await cluster.get(at)
  if (live === null) return
  const value = takenOver({ ...live, apiVersion: object.apiVersion }, manager)
  if (value === null) return
  await cluster.patch(at, [
    { op: 'test', path: '/metadata/resourceVersion', value: live.metadata.resourceVersion },
    { op: 'replace', path: '/metadata/managedFields', value },
  ])
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
