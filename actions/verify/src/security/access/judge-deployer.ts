import type { Cluster } from '@alt-las/kubernetes'
import { noOutside, yes, type CheckFinding } from '../../check.ts'
import { beyondDeploying, beyondNamespace, named, permissionOf, type RightName } from './rights.ts'

/** The caller itself holds no right that a release, its verification and its rollback do not use. */
export async function judgeDeployer(
  { namespace, allowed }: { readonly namespace: string; readonly allowed: readonly RightName[] },
  { cluster }: { readonly cluster: Pick<Cluster, 'may'> },
): Promise<CheckFinding> {
  const inside = await held(beyondDeploying, { namespace }, cluster)
  const everywhere = await held(beyondNamespace, {}, cluster)
  const beyond = (rights: readonly RightName[]) => rights.filter((right) => !allowed.includes(right))
  const said = [
    ...(beyond(everywhere).length === 0 ? [] : [`${named(beyond(everywhere))} in the whole cluster`]),
    ...(beyond(inside).length === 0 ? [] : [`${named(beyond(inside))} in ${namespace}`]),
  ]
  const asked = beyondDeploying.length + beyondNamespace.length
  if (said.length === 0) return yes(`the deployer holds none of ${asked} rights that a release does not use`)
  return noOutside(
    `the deployer may ${said.join(', and ')}`,
    'use a kubeconfig with the rights of kubernetes/deployer, or allow the right under `deployer-rights` in the security policy',
  )
}

async function held(
  rights: readonly RightName[],
  where: { readonly namespace?: string },
  cluster: Pick<Cluster, 'may'>,
): Promise<readonly RightName[]> {
  const denied = await cluster.may(rights.map((right) => ({ ...permissionOf(right), ...where })))
  return rights.filter((right) => {
    const { verb, group, resource } = permissionOf(right)
    return !denied.some((no) => no.verb === verb && no.group === group && no.resource === resource)
  })
}
