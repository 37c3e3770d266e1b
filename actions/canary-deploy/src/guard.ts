import type { Cluster } from '@alt-las/kubernetes'
import type { Rollout } from './rollout.ts'
import type { Router } from './routers/router.ts'
import type { GuardSight } from './sight.ts'

/** Whether the dead-man's switch of the rollout watches. */
export function observeGuard(
  { plan }: Rollout,
  _cluster: Pick<Cluster, 'get' | 'list'>,
): Promise<GuardSight> {
  if (plan.guard === null) return Promise.resolve({ kind: 'none', because: '' })
  return Promise.reject(new Error('guard is not built'))
}

export function armGuard(
  _rollout: Rollout,
  _router: Router,
  _cluster: Pick<Cluster, 'apply'>,
): Promise<void> {
  return Promise.reject(new Error('guard is not built'))
}

export function disarmGuard(_rollout: Rollout, _cluster: Pick<Cluster, 'get' | 'remove'>): Promise<void> {
  return Promise.reject(new Error('guard is not built'))
}
