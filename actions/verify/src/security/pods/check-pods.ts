import { Failure } from '@alt-las/failure'
import type { Pod } from '@alt-las/kubernetes'
import { no, yes, type Check, type CheckRunner, type CheckFinding, type Learned } from '../../check.ts'
import type { RunningWorkload } from '../../workloads.ts'
import { brokenRules, podRules } from './pod-rules.ts'
import type { Waiver } from './waivers.ts'

export interface PodPorts {
  readonly checks: CheckRunner
}

export interface PodPlan {
  readonly workloads: readonly RunningWorkload[]
  readonly waivers: readonly Waiver[]
}

/** One check per workload, by the specs of its live pods; one for waivers that are not needed. */
export async function checkPods(
  { workloads, waivers }: PodPlan,
  { checks }: PodPorts,
): Promise<readonly Check[]> {
  const looked = await Promise.all(
    workloads.map(async ({ workload, pods }) => {
      const { name } = workload.metadata
      const own = waivers.filter((waiver) => waiver.workload === name)
      const attempt = await checks.learn('security', `pods of ${name}`, async () => {
        return judgePods(name, await pods(), own)
      })
      // Pods that could not be looked at may need every waiver.
      return { check: attempt.check, needed: attempt.kind === 'done' ? attempt.value : own }
    }),
  )
  const needed = new Set(looked.flatMap((one) => one.needed))
  const unused = waivers.filter((waiver) => !needed.has(waiver))
  return [
    ...looked.map((one) => one.check),
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
