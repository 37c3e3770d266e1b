import type { AccessReviews, Cluster, Pod } from '@alt-las/kubernetes'
import type { Check, CheckRunner } from '../../check.ts'
import type { SecuritySettings } from '../policy/settings.ts'
import { judgeAccounts } from './judge-accounts.ts'
import { judgeAnonymous } from './judge-anonymous.ts'
import { judgeDeployer } from './judge-deployer.ts'

export interface AccessPorts {
  readonly cluster: Pick<Cluster, 'may'>
  readonly access: AccessReviews
  readonly checks: CheckRunner
}

/** Who may do what at the API server: strangers, the pods that run, and the caller itself. */
export async function checkAccess(
  { namespace, pods }: { readonly namespace: string; readonly pods: () => Promise<readonly Pod[]> },
  { rights, deployerRights }: Pick<SecuritySettings, 'rights' | 'deployerRights'>,
  { cluster, access, checks }: AccessPorts,
): Promise<readonly Check[]> {
  return Promise.all([
    checks.run('security', 'API server without credentials', () => judgeAnonymous(namespace, { access })),
    checks.run('security', 'rights of the ServiceAccounts', async () =>
      judgeAccounts({ namespace, pods: await pods(), allowed: rights }, { access }),
    ),
    checks.run('security', 'rights of the deployer', () =>
      judgeDeployer({ namespace, allowed: deployerRights }, { cluster }),
    ),
  ])
}
