import { Failure } from '@alt-las/failure'
import type { KubeObject, Permission } from '@alt-las/kubernetes'
import {
  type Beginning,
  type Plan,
  type Rollout,
  type Versions,
  beginning,
  checkTarget,
  findState,
  isServing,
  nameOf,
  observeAutoscaler,
  observeVersions,
  peakOf,
  preflight,
  refuseOtherKind,
  sentenceOf,
} from '@alt-las/rollout'
import { denied } from '../permissions/permissions.ts'
import type { Ports } from '../ports.ts'
import { changesOf, ownChanges } from './changes.ts'
import type { Forecast } from './shape.ts'
import { stagesOf } from './stages.ts'
import { type TrafficFact, trafficFor } from './traffic.ts'

export interface Asked {
  readonly plan: Plan
  /** The objects of `manifests` beside the workload. */
  readonly others: readonly KubeObject[]
  readonly needed: readonly Permission[]
}

/** Reads only. Throws the errors that the run itself would throw before its first write; missing permissions are listed instead. */
export async function forecast(asked: Asked, ports: Ports): Promise<Forecast> {
  const missing = (await denied(asked.needed, ports.cluster)).map(lacking)
  try {
    return await foreseen(asked, missing, ports)
  } catch (error) {
    if (missing.length === 0 || !(error instanceof Failure) || error.code !== 'forbidden') throw error
    return unseen(asked.plan, [...missing, `the forecast ends here: ${error.message}`])
  }
}

async function foreseen(
  { plan, others }: Asked,
  missing: readonly string[],
  ports: Ports,
): Promise<Forecast> {
  const { cluster, clock, scrapes } = ports
  const [versions, autoscaler, known] = await Promise.all([
    observeVersions(plan, { now: clock.now() }, cluster),
    observeAutoscaler(plan, cluster),
    findState(plan, cluster),
  ])
  await refuseOtherKind(plan, known, cluster)
  const { stable } = versions
  const serving = stable !== null && stable.ready > 0
  const replicas = serving ? stable.replicas : 0
  const size = { replicas, wanted: wantedBy(plan, versions) }
  const looked = await preflight({ plan, others, versions, serving: false }, cluster)
  const changes = changesOf(looked.answers)
  const problems = [...looked.refusals.map(sentenceOf), ...looked.unseen]
  const still = changes.length === 0 && known !== null && isSame(plan, known, versions)
  if (!still && problems.length === 0) await checkTarget({ plan, others }, versions, ports)
  const peak = still ? replicas : peakOf(plan, size).pods
  return {
    ...targetOf(plan),
    serving: serving ? stable.image : null,
    what: still
      ? 'nothing: it already runs'
      : sentence(plan, { serving, start: beginning(known, plan, clock.now()) }),
    changes: still ? [] : [...changes, ...ownChanges(plan, { serving, autoscaler })],
    stages: still ? [] : stagesOf(plan, size),
    pods: { now: replicas, peak },
    traffic:
      still || !serving
        ? []
        : [
            ...(await trafficFor(plan, scrapes)),
            ...looked.notes.map((note): TrafficFact => ['not split', note]),
          ],
    problems: [...missing, ...(still ? [] : problems)],
  }
}

const unseen = (plan: Plan, problems: readonly string[]): Forecast => ({
  ...targetOf(plan),
  serving: null,
  what: `${plan.workload} ${plan.deployment} to ${plan.release}: cannot be predicted`,
  changes: [],
  stages: [],
  pods: { now: 0, peak: 0 },
  traffic: [],
  problems,
})

export const targetOf = ({ namespace, deployment, release, image }: Plan) => ({
  namespace,
  deployment,
  release,
  image,
})

/** An autoscaler or a person may have set the replicas if the manifest does not. */
function wantedBy({ workload, desired }: Plan, { stable }: Versions): number {
  if (workload === 'DaemonSet') return stable?.replicas ?? 1
  return desired.spec.replicas ?? stable?.replicas ?? 1
}

function isSame(plan: Plan, known: Rollout, versions: Versions): boolean {
  if (known.phase.kind !== 'done' || known.releases.current !== plan.release) return false
  return isServing({ plan, served: known.served }, { ...versions, router: noCanary })
}

const noCanary = {
  rules: [],
  weight: 0,
  hasCanary: false,
  accepted: true,
  because: '',
  settledMs: 0,
  sticky: false,
}

function sentence(
  { release, strategy, workload, deployment, kind }: Plan,
  { serving, start }: { readonly serving: boolean; readonly start: Beginning },
): string {
  const how = serving ? `by ${strategy}` : 'as a first installation: no pod serves now'
  const move = `${workload} ${deployment} ${kind === 'rollback' ? 'back to' : 'to'} ${release}, ${how}`
  if (start.kind === 'begin') return move
  return start.kind === 'resume'
    ? `${move}; it continues in ${nameOf(start.rollout.phase)}, where an earlier run stopped`
    : `first ${start.rollout.plan.release}, which an earlier run left unfinished, is completed; then ${move}`
}

export function lacking({ verb, group, resource, namespace, name }: Permission): string {
  const what = `${resource}${group === '' ? '' : `.${group}`}${name === undefined ? '' : ` ${name}`}`
  return `permission missing: ${verb} ${what}${namespace === undefined ? '' : ` in ${namespace}`}`
}
