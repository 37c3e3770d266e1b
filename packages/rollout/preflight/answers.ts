import { Failure } from '@alt-las/failure'
import { type Cluster, type DryRun, type KubeObject, dryRunManifest } from '@alt-las/kubernetes'
import { definitionOf } from '../apply/definitions.ts'
import { manager } from '../model/names.ts'
import { at } from '../observe/observe-objects.ts'

/** The API server's answer to a dry run of one object: the resulting object, the reason of a refusal, or unknown. */
export type Answer = { readonly object: KubeObject; readonly live: KubeObject | null } & (
  | { readonly kind: 'accepted'; readonly next: KubeObject }
  | { readonly kind: 'refused'; readonly because: string }
  /** The object depends on others in the same manifests, or a webhook does not support dry runs. */
  | { readonly kind: 'unknown' }
)

type Asks = Pick<Cluster, 'get'> & DryRun

/** In the order of the objects. `brought`: the objects applied before them. Throws any error that is not an answer, such as an unreachable API server. */
export function dryRunAll(
  objects: readonly KubeObject[],
  brought: readonly KubeObject[],
  cluster: Asks,
): Promise<readonly Answer[]> {
  return Promise.all(objects.map((object) => dryRunOf(object, brought, cluster)))
}

async function dryRunOf(object: KubeObject, brought: readonly KubeObject[], cluster: Asks): Promise<Answer> {
  let live: KubeObject | null = null
  try {
    live = await cluster.get(at(object))
    return { kind: 'accepted', object, live, next: await dryRunManifest(object, manager, cluster) }
  } catch (error) {
    if (!(error instanceof Failure) || !final.has(error.code)) throw error
    const isUnknown =
      (error.code === 'not-found' && isBrought(object, brought)) ||
      error.message.includes('does not support dry run')
    return isUnknown
      ? { kind: 'unknown', object, live }
      : { kind: 'refused', object, live, because: error.message }
  }
}

/** An answer about the object; any other Failure means that the API server was not asked. */
const final: ReadonlySet<string> = new Set(['invalid', 'forbidden', 'not-found', 'conflict', 'kubernetes'])

/** Whether these manifests bring its namespace, or the definition of its kind. */
function isBrought({ kind, metadata }: KubeObject, all: readonly KubeObject[]): boolean {
  const isNamespace = (one: KubeObject) =>
    one.kind === 'Namespace' && one.metadata.name === metadata.namespace
  return all.some(isNamespace) || definitionOf(kind, all) !== undefined
}

/** The resulting object: from the API server, else from the manifests. */
export const nextOf = (answer: Answer): KubeObject =>
  answer.kind === 'accepted' ? answer.next : answer.object
