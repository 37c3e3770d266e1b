import { atOf } from '../client/paths.ts'
import type { Cluster, DryRun } from '../types/cluster.ts'
import type { KubeObject } from '../types/objects.ts'
import { takenOver } from './take-over.ts'

/**
 * Server-side apply of an object as its manifest says it: what an earlier manifest said and this one does not is removed, also where client-side
 * `kubectl apply` said it. One call, three where fields are taken over from kubectl. Failure `conflict` where another writes meanwhile.
 */
export async function applyManifest<T extends KubeObject>(
  object: T,
  manager: string,
  cluster: Pick<Cluster, 'apply' | 'patch'>,
): Promise<T> {
  const manifest = withoutStringData(object)
  const applied = await cluster.apply(manifest, manager)
  const value = takenOver(applied, manager)
  if (value === null) return applied
  await cluster.patch(atOf(applied), [
    { op: 'test', path: '/metadata/resourceVersion', value: applied.metadata.resourceVersion },
    { op: 'replace', path: '/metadata/managedFields', value },
  ])
  return cluster.apply(manifest, manager)
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
