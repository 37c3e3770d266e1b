import { unlessRefused, type Cluster, type KubeObject, type PodSpec } from '@alt-las/kubernetes'

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
    names.map((name) => {
      const at = { apiVersion: 'v1', kind: 'PersistentVolumeClaim', namespace, name }
      return unlessRefused(() => cluster.get<Claim>(at), { forbidden: null })
    }),
  )
  return found.flatMap((one) =>
    one === null ? [] : [{ name: one.metadata.name, accessModes: one.spec?.accessModes ?? [] }],
  )
}
