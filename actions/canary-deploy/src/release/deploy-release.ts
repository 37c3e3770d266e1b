import { type Plan, ensureNamespace, hashPlan, releaseBoard } from '@alt-las/rollout'
import type { ReleaseInputs } from '../operation.ts'
import { dryRun } from '../operations/dry-run.ts'
import { sharing } from '../operations/sharing.ts'
import { type CanaryOutcome, resultFor } from '../outcome.ts'
import { requirePermissions } from '../permissions/permissions.ts'
import type { Ports } from '../ports.ts'
import { checkRelease } from './check-release.ts'
import { holdAll } from './hold-all.ts'
import { type ReleaseTarget, planRelease, withObjects } from './plan-release.ts'
import { releaseOutcome } from './release-outcome.ts'
import { type Ended, rollOutAll } from './roll-out-all.ts'

/**
 * Several targets as one release, in one run: all are checked before the first write, independent ones go side by side, none gives up its old
 * version before all have passed, and if one is refused, all go back.
 */
export async function deployRelease(inputs: ReleaseInputs, ports: Ports): Promise<CanaryOutcome> {
  const planned = await planRelease(inputs, ports)
  const needed = planned.flatMap((one) => one.needed)
  if (!inputs.dryRun) await requirePermissions(needed, ports.cluster)
  const targets = await withObjects(planned, ports)
  if (!inputs.dryRun) return roll(inputs, targets, ports)
  // Permissions are those of the whole release: they are said once.
  const asked = targets.map(({ plan, others }, index) => ({
    plan,
    others,
    needed: index === 0 ? needed : [],
  }))
  return dryRun('deploy', asked, ports)
}

async function roll(
  { release: given, timeoutMs }: ReleaseInputs,
  targets: readonly ReleaseTarget[],
  ports: Ports,
): Promise<CanaryOutcome> {
  const release = given ?? ports.refName
  const plans = targets.map(({ plan }) => plan)
  const { cluster, clock } = ports
  return sharing(plans, ports, async (watching, places) => {
    const dry = { dryRun: cluster.dryRun.bind(cluster) }
    const checked = await checkRelease(targets, { ...ports, cluster: { ...watching(places), ...dry } })
    if (checked.every((one) => !one.checked.isNeeded))
      return releaseOutcome(release, plans.map(untouched), null)
    for (const { plan, others } of targets) await ensureNamespace({ plan, others }, ports)
    const holdings = await holdAll(plans, ports)
    const board = releaseBoard(
      release,
      plans.map((plan) => ({
        deployment: plan.deployment,
        needs: plan.needs ?? [],
        planHash: hashPlan(plan),
      })),
    )
    const isResumed = checked.some((one) => one.checked.isUnderWay)
    const begun = { release, board, holdings, until: clock.elapsed() + timeoutMs, watching, isResumed }
    return releaseOutcome(release, await rollOutAll(checked, begun, ports), board.refused())
  })
}

const untouched = (plan: Plan): Ended => ({
  deployment: plan.deployment,
  result: resultFor(plan, null),
  error: null,
})
