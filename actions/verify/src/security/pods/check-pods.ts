import { Failure } from '@alt-las/failure'
import type { Cluster, ConfigMap, Pod, Workload } from '@alt-las/kubernetes'
import { no, yes, type Check, type CheckRunner, type CheckFinding, type Learned } from '../check.ts'
import { livePods } from '../workloads.ts'
import { brokenRules, looksSecret, podRules } from './pod-rules.ts'
import type { Waiver } from './waivers.ts'

export interface PodPorts {
  readonly cluster: Cluster
  readonly checks: CheckRunner
}

export interface PodPlan {
  readonly namespace: string
  readonly workloads: readonly Workload[]
  readonly waivers: readonly Waiver[]
}

/** One check per workload, by the specs of its live pods; one for the ConfigMaps; one for waivers that are not needed. */
export async function checkPods(
  { namespace, workloads, waivers }: PodPlan,
  { cluster, checks }: PodPorts,
): Promise<readonly Check[]> {
  const looked = await Promise.all(
    workloads.map(async (workload) => {
      const { name } = workload.metadata
      const own = waivers.filter((waiver) => waiver.workload === name)
      const attempt = await checks.learn('security', `pods of ${name}`, async () => {
        return judgePods(name, await livePods(workload, cluster), own)
      })
      // Pods that could not be looked at may need every waiver.
      return { check: attempt.check, needed: attempt.kind === 'done' ? attempt.value : own }
    }),
  )
  const maps = await checks.run('security', 'no secret in a ConfigMap', async () =>
    judgeMaps(await cluster.list<ConfigMap>({ apiVersion: 'v1', kind: 'ConfigMap', namespace })),
  )
  const needed = new Set(looked.flatMap((one) => one.needed))
  const unused = waivers.filter((waiver) => !needed.has(waiver))
  return [
    ...looked.map((one) => one.check),
    maps,
    ...(unused.length === 0 ? [] : [await checks.run('security', 'waivers', () => judgeUnused(unused))]),
  ]
}

/** The finding about a workload's pods, with the waivers that it needed. */
function judgePods(
  name: string,
  pods: readonly Pod[],
  waivers: readonly Waiver[],
): Learned<readonly Waiver[]> {
  if (pods.length === 0) throw new Failure('no-pods', `${name} has no pod to look at`, { fault: 'outside' })
  const broken = pods.flatMap(brokenRules)
  const needed = waivers.filter(({ rule }) => broken.some((one) => one.rule === rule))
  const waived = new Set(needed.map(({ rule }) => rule))
  const left = broken.filter(({ rule }) => !waived.has(rule))
  if (left.length > 0) {
    const problems = new Set(left.map(({ because, rule }) => `${because} (${rule})`))
    return { ...no([...problems].join(', ')), value: needed }
  }
  const reasons = needed.map(({ rule, reason }) => `${rule} is waived: ${reason}`)
  return { ...yes([`${podRules.length} rules hold`, ...reasons].join('; ')), value: needed }
}

/** A waiver that is not needed would hide the next fault, so it is refused. */
function judgeUnused(unused: readonly Waiver[]): CheckFinding {
  const names = unused.map(({ workload, rule }) => `${workload}/${rule}`).join(', ')
  return no(`not needed any more, to be removed: ${names}`)
}

function judgeMaps(maps: readonly ConfigMap[]): CheckFinding {
  const secret = maps.flatMap(({ metadata, data = {} }) =>
    Object.entries(data)
      .filter(([key, value]) => looksSecret(key, value))
      .map(([key]) => `${metadata.name}/${key}`),
  )
  if (secret.length > 0) return no(`looks like a secret: ${secret.join(', ')}`)
  return yes(`${maps.length} ConfigMaps hold nothing that looks like a secret`)
}
