import { Failure } from '@alt-las/failure'
import type { Cluster, KubeObject, PodSpec } from '@alt-las/kubernetes'

/** A claim that a pod mounts, with its access modes. */
export interface ObservedClaim {
  readonly name: string
  readonly accessModes: readonly string[]
}

interface Claim extends KubeObject {
  readonly spec?: { readonly accessModes?: readonly string[] }
}

/** The existing claims; unreadable ones are left out. */
export async function observeClaims(
  { volumes = [] }: PodSpec,
  namespace: string,
  cluster: Pick<Cluster, 'get'>,
): Promise<readonly ObservedClaim[]> {
  const names = volumes.flatMap(({ persistentVolumeClaim: claim }) =>
    claim === undefined ? [] : [claim.claimName],
  )
  const found = await Promise.all(
    names.map(async (name) => {
      try {
        return await cluster.get<Claim>({ apiVersion: 'v1', kind: 'PersistentVolumeClaim', namespace, name })
      } catch (error) {
        if (error instanceof Failure && error.code === 'forbidden') return null
        throw error
      }
    }),
  )
  return found.flatMap((one) =>
    one === null ? [] : [{ name: one.metadata.name, accessModes: one.spec?.accessModes ?? [] }],
  )
}
