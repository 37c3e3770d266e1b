// Routes in the cluster, looked up before the first write: which router there is, and whether it can set the weights.
import { Failure } from '@alt-las/failure'
import type { Cluster, KubeObject } from '@alt-las/kubernetes'
import { allOf } from '../routes/route-kind.ts'
import type { RoutedKind } from '../routes/routed-kinds.ts'

/** All live objects of the kind; none if the cluster does not have the kind. */
export async function discoverRoutes(
  kind: RoutedKind,
  namespace: string,
  cluster: Pick<Cluster, 'list'>,
): Promise<readonly KubeObject[]> {
  try {
    return await cluster.list(allOf(kind, namespace))
  } catch (error) {
    if (error instanceof Failure && error.code === 'not-found') return []
    throw error
  }
}
