import { Failure } from '@alt-las/failure'
import type { AccessReviews, Pod } from '@alt-las/kubernetes'
import { noOutside, yes, type CheckFinding } from '../../check.ts'
import { named, permissionOf, rightsOfWorkloads, type RightName } from './rights.ts'

export interface AccountPlan {
  readonly namespace: string
  /** Every pod that runs. */
  readonly pods: readonly Pod[]
  /** Rights that an account may hold, by its name. */
  readonly allowed: Readonly<Record<string, readonly RightName[]>>
}

/** No ServiceAccount of the running pods holds a right of the list, unless the policy allows it. */
export async function judgeAccounts(
  { namespace, pods, allowed }: AccountPlan,
  { access }: { readonly access: AccessReviews },
): Promise<CheckFinding> {
  const accounts = [...new Set(pods.map(({ spec }) => spec.serviceAccountName ?? 'default'))].toSorted()
  const asked = rightsOfWorkloads.map((right) => ({ right, ...permissionOf(right) }))
  const found: { readonly account: string; readonly held: readonly RightName[] }[] = []
  for (const account of accounts) {
    const held = await heldBy({ namespace, name: account }, asked, access)
    if (held === null) return notAllowedToAsk(accounts)
    const beyond = held.filter((right) => !(allowed[account] ?? []).includes(right))
    if (beyond.length > 0) found.push({ account, held: beyond })
  }
  if (found.length > 0) {
    const said = found.map(({ account, held }) => `the ServiceAccount ${account} may ${named(held)}`)
    return noOutside(
      said.join('; '),
      'remove its RoleBinding or ClusterRoleBinding, or allow the right under `rights` in the security policy',
    )
  }
  return yes(`${accounts.length} ServiceAccounts hold none of ${asked.length} rights: ${accounts.join(', ')}`)
}

type Asked = ReturnType<typeof permissionOf> & { readonly right: RightName }

/** null: the caller may not ask. */
async function heldBy(
  account: { readonly namespace: string; readonly name: string },
  asked: readonly Asked[],
  access: AccessReviews,
): Promise<readonly RightName[] | null> {
  try {
    const held = await access.heldBy(account, asked)
    return held.flatMap((one) => asked.find((right) => right === one)?.right ?? [])
  } catch (error) {
    if (error instanceof Failure && error.code === 'forbidden') return null
    throw error
  }
}

function notAllowedToAsk(accounts: readonly string[]): CheckFinding {
  const because = 'the deployer may not create localsubjectaccessreviews.authorization.k8s.io'
  return { ...yes(`not asked: ${because}`), notChecked: [`rights of ${accounts.join(', ')}: ${because}`] }
}
