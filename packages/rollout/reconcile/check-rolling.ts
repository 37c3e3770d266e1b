import { Failure } from '@alt-las/failure'
import type { Cluster, KubeObject } from '@alt-las/kubernetes'
import { type Plan, workloadAt } from '../model/plan.ts'
import type { Rollout } from '../model/rollout.ts'

/** A rolling update relies only on its Service, if one is named. Throws Failure `bad-target` (fault input) with the remedy. */
export async function checkRolling(
  { namespace, service }: Plan,
  declared: readonly KubeObject[],
  cluster: Pick<Cluster, 'get'>,
): Promise<void> {
  if (service === '') return
  if (declared.some(({ kind, metadata }) => kind === 'Service' && metadata.name === service)) return
  const live = await cluster.get({ apiVersion: 'v1', kind: 'Service', namespace, name: service })
  if (live === null)
    throw bad(
      `there is no Service ${namespace}/${service}`,
      'add it to the manifests, or omit `service`: a rolling update routes nothing',
    )
}

/** The history of a name belongs to one workload: a second one of another kind would double the pods. */
export async function refuseOtherKind(
  plan: Plan,
  known: Rollout | null,
  cluster: Pick<Cluster, 'get'>,
): Promise<void> {
  if (known === null || known.plan.workload === plan.workload) return
  const live = await cluster.get(workloadAt(known.plan))
  if (live === null) return
  const { namespace, deployment, workload } = plan
  throw bad(
    `${namespace}/${deployment} runs as a ${known.plan.workload}, got a ${workload} of the same name`,
    `remove the ${known.plan.workload} first, or give the ${workload} another name`,
  )
}

const bad = (message: string, hint: string) => new Failure('bad-target', message, { fault: 'input', hint })
