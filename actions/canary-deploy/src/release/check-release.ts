import { type CheckedWork, checkWork, overQuotaTogether, sentenceOf } from '@alt-las/rollout'
import { rolloutPorts } from '../operations/rollout-ports.ts'
import type { Ports } from '../ports.ts'
import { ownPorts } from './own-ports.ts'
import { type ReleaseTarget, forEach, together } from './plan-release.ts'

/** A target with what was found before the first write. */
export interface CheckedTarget extends ReleaseTarget {
  readonly checked: CheckedWork
}

/** Everything that can be found before the first write, for all targets and for all side by side. Throws ONE Failure with all problems. */
export async function checkRelease(
  planned: readonly ReleaseTarget[],
  ports: Ports,
): Promise<readonly CheckedTarget[]> {
  const targets = await forEach(planned, ports, {
    name: ({ plan }) => plan.deployment,
    work: async (target, own) => {
      const { plan, others, inputs } = target
      const work = { plan, others, timeoutMs: inputs.timeoutMs }
      const checked = await checkWork(work, rolloutPorts(ownPorts(inputs, own)))
      for (const sentence of checked.notes) own.log.line(sentence)
      return { ...target, checked }
    },
  })
  const demands = targets.flatMap(({ plan: { deployment }, checked: { demand } }) =>
    demand === null ? [] : [{ deployment, demand }],
  )
  const problems = [
    ...targets.flatMap(({ plan, checked: { refusals } }) =>
      refusals.map((one) => `${plan.deployment}: ${sentenceOf(one)}`),
    ),
    ...overQuotaTogether(demands).map(sentenceOf),
  ]
  if (problems.length > 0) throw together(problems)
  return targets
}
