import { continueRollout, resumeRollout, type Rollout, nameOfTargets, readStates } from '@alt-las/rollout'
import type { ResumeInputs } from '../operation.ts'
import { evidenceOf } from '../evidence.ts'
import { outcomeOf, resultOf, unreadableTarget, type CanaryOutcome, type TargetResult } from '../outcome.ts'
import { neededPermissions, requirePermissions } from '../permissions/permissions.ts'
import { planPermissions } from '../permissions/plan-permissions.ts'
import type { Ports } from '../ports.ts'
import { pastReturn, returnTarget } from './abort-release.ts'
import { dryRunOn } from './dry-run.ts'
import { rolloutPorts } from './rollout-ports.ts'
import { everyTarget } from './every-target.ts'
import { targetStatus } from './status.ts'
import { inOrderOfReturn, wayBack } from './way-back.ts'

/** Continues unfinished rollouts: of one target, or of every target of the namespace (of `release`, if given), in parallel. */
export async function promoteOrAbort(inputs: ResumeInputs, ports: Ports): Promise<CanaryOutcome> {
  const { operation } = inputs
  const { states: all, unreadable } = await readStates(inputs, ports.cluster)
  const now = ports.clock.now()
  const states = all.filter(({ plan }) => inputs.release === null || plan.release === inputs.release)
  const past = operation === 'abort' ? pastReturn(states) : []
  const left = inOrderOfReturn(
    states.filter((one) => past.includes(one) || continueRollout(one, operation, now) !== null),
    needingOf,
  )
  if (left.length === 0 && unreadable.length === 0) return nothingLeft(inputs, all)
  const routers = left.map(({ plan }) => plan.router)
  const needed = [
    ...neededPermissions(inputs.namespace, [], inputs.source.metricsUrl, routers),
    ...left.flatMap(({ plan }) => planPermissions(plan)),
  ]
  if (inputs.dryRun) return dryRunOn(operation, left, { needed, ports })
  await requirePermissions(needed, ports.cluster)
  const order = wayBack(operation === 'abort' ? left.map(needingOf) : [])
  const continued = async (state: Rollout, own: Ports): Promise<TargetResult> => {
    const { deployment } = state.plan
    await order.turn(deployment)
    try {
      return past.includes(state)
        ? await returnTarget(state, inputs.timeoutMs, own)
        : await one(state, operation, { inputs, ports: own })
    } finally {
      order.over(deployment)
    }
  }
  const results = await everyTarget(left, continued, {
    ports,
    name: ({ plan }) => plan.deployment,
    title: ({ plan }) => `${operation} ${plan.deployment} ${plan.release}`,
    operation,
    undone: operation === 'promote' ? 'promoted' : 'taken back',
    unreadable,
  })
  return together(operation, [...results, ...unreadable.map(unreadableTarget)])
}

const needingOf = ({ plan }: Rollout) => ({ deployment: plan.deployment, needs: plan.needs ?? [] })

async function one(
  { plan }: Rollout,
  operation: 'promote' | 'abort',
  { inputs, ports }: { readonly inputs: ResumeInputs; readonly ports: Ports },
): Promise<TargetResult> {
  const target = { namespace: plan.namespace, deployment: plan.deployment }
  const driven = await resumeRollout(target, inputs.timeoutMs, {
    ports: rolloutPorts(ports),
    // Read again under the lease: the state may have changed since.
    start: (known) => continueRollout(known, operation, ports.clock.now()) ?? known,
  })
  return resultOf(driven)
}

function nothingLeft(inputs: ResumeInputs, states: readonly Rollout[]): CanaryOutcome {
  const { operation } = inputs
  const targets = states.map((one) => ({ ...targetStatus(one), verdict: 'unchanged' as const }))
  return {
    kind: 'passed',
    because: `${nameOfTargets(inputs)}: there is no unfinished rollout to ${operation}`,
    subject: { target: nameOfTargets(inputs) },
    evidence: evidenceOf(operation, targets),
    targets,
  }
}

/** Success: `abort` ends on the old version, `promote` on the new one or at the next pause. */
function together(operation: 'promote' | 'abort', results: readonly TargetResult[]): CanaryOutcome {
  const good = (one: TargetResult) =>
    operation === 'abort'
      ? one.verdict === 'rolled-back'
      : one.verdict === 'promoted' || one.verdict === 'paused' || one.verdict === 'unchanged'
  const [first] = results
  const kind = results.every(good) ? ('passed' as const) : ('refused' as const)
  if (results.length === 1 && first !== undefined) {
    const outcome = outcomeOf(operation, first)
    return kind === 'passed' ? { ...outcome, kind, because: first.because } : { ...outcome, kind }
  }
  return {
    kind,
    because: results.map((one) => `${one.deployment}: ${one.because}`).join('; '),
    subject: { target: first?.namespace ?? '' },
    evidence: evidenceOf(operation, results),
    targets: results,
  }
}
