import type { Cluster, ConfigMap, Workload } from '@alt-las/kubernetes'
import { Failure } from '@alt-las/failure'
import { no, yes, type Check, type Finding, type RunCheck } from '../check.ts'
import { brokenRules, looksSecret, podRules, type Broken } from './pod-rules.ts'
import type { Waiver } from './waivers.ts'
import { livePods } from '../workloads.ts'

export interface PodPorts {
  readonly cluster: Cluster
  readonly run: RunCheck
}

/** One check for each workload, by the specs of the pods that live; one for the ConfigMaps beside them; one for waivers nobody needs. */
export async function checkPods(
  inputs: { readonly namespace: string; readonly waivers: readonly Waiver[] },
  workloads: readonly Workload[],
  { cluster, run }: PodPorts,
): Promise<readonly Check[]> {
  const needed = new Set<Waiver>()
  const checks = await Promise.all(
    workloads.map((workload) =>
      run('security', `pods of ${workload.metadata.name}`, async () => {
        const pods = await livePods(workload, cluster)
        if (pods.length === 0)
          throw new Failure('no-pods', `${workload.metadata.name} has no pod to look at`, {
            fault: 'outside',
          })
        const own = inputs.waivers.filter((one) => one.workload === workload.metadata.name)
        return judgePods(pods.flatMap(brokenRules), own, needed)
      }),
    ),
  )
  const maps = await run('security', 'no secret in a ConfigMap', async () =>
    judgeMaps(await configMaps(inputs.namespace, cluster)),
  )
  const unused = inputs.waivers.filter((one) => !needed.has(one))
  return unused.length === 0
    ? [...checks, maps]
    : [...checks, maps, await run('security', 'waivers', () => judgeUnused(unused))]
}

function judgePods(broken: readonly Broken[], waivers: readonly Waiver[], needed: Set<Waiver>): Finding {
  const waived = new Map<Broken, Waiver>()
  for (const one of broken) {
    const waiver = waivers.find(({ rule }) => rule === one.rule)
    if (waiver === undefined) continue
    needed.add(waiver)
    waived.set(one, waiver)
  }
  const left = new Set(broken.filter((one) => !waived.has(one)).map((one) => `${one.because} (${one.rule})`))
  if (left.size > 0) return no([...left].join(', '))
  const reasons = new Set([...waived.values()].map(({ rule, reason }) => `${rule} is waived: ${reason}`))
  return yes([`${String(podRules.length)} rules hold`, ...reasons].join('; '))
}

/** A waiver that is not needed hides the next fault: it is refused until it is taken away. */
function judgeUnused(unused: readonly Waiver[]): Finding {
  return no(
    `not needed any more, to be removed: ${unused.map(({ workload, rule }) => `${workload}/${rule}`).join(', ')}`,
  )
}

function configMaps(namespace: string, cluster: Cluster): Promise<readonly ConfigMap[]> {
  return cluster.list<ConfigMap>({ apiVersion: 'v1', kind: 'ConfigMap', namespace })
}

function judgeMaps(maps: readonly ConfigMap[]): Finding {
  const secret = maps.flatMap(({ metadata, data = {} }) =>
    Object.entries(data)
      .filter(([key, value]) => looksSecret(key, value))
      .map(([key]) => `${metadata.name}/${key}`),
  )
  if (secret.length > 0) return no(`looks like a secret: ${secret.join(', ')}`)
  return yes(`${String(maps.length)} ConfigMaps hold nothing that looks like a secret`)
}
