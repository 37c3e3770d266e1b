import {
  checkConfigs,
  rollOut,
  type Plan,
  releaseToReturnTo,
  type Rollout,
  type UnreadableState,
  readStates,
} from '@alt-las/rollout'
import type { RollbackInputs } from '../operation.ts'
import { evidenceOf } from '../evidence.ts'
import { outcomeOf, resultFor, unreadableTarget, type CanaryOutcome, type TargetResult } from '../outcome.ts'
import { neededPermissions, requirePermissions } from '../permissions/permissions.ts'
import { planPermissions } from '../permissions/plan-permissions.ts'
import { planRollback } from '../plan/make-plan.ts'
import type { Ports } from '../ports.ts'
import { dryRun } from './dry-run.ts'
import { rolloutPorts } from './rollout-ports.ts'
import { everyTarget } from './every-target.ts'
import { sharing } from './sharing.ts'
import { type WayBack, inOrderOfReturn, wayBack } from './way-back.ts'

/** Back to an earlier release: one target, or every target of the namespace, in parallel. */
export async function rollBack(inputs: RollbackInputs, ports: Ports): Promise<CanaryOutcome> {
  const { states: all, unreadable } = await readStates(inputs, ports.cluster)
  const states = all.filter((one) => runs(one, inputs.release) || isOnTheWay(one, inputs.release))
  // Which release an unreadable target runs is unknown: it is a target, and it cannot go back.
  if (states.length === 0 && unreadable.length > 0) return together(unreadable.map(unreadableTarget))
  if (states.length === 0) return notRunning(inputs, all)
  // Every target must have a release to return to before the first one is changed.
  const needs = new Map(states.map(({ plan }) => [plan.deployment, plan.needs ?? []]))
  const needing = ({ deployment }: Plan) => ({ deployment, needs: needs.get(deployment) ?? [] })
  const plans = inOrderOfReturn(
    [...states].sort((a, b) => promotedAt(b) - promotedAt(a)).map((state) => planFor(state, inputs)),
    needing,
  )
  const needed = neededPermissions(
    inputs.namespace,
    [],
    null,
    plans.map(({ router }) => router),
  )
  const permissions = [...needed, ...plans.flatMap(planPermissions)]
  if (!inputs.dryRun) await requirePermissions(permissions, ports.cluster)
  await Promise.all(plans.map((plan) => checkConfigs(plan, [], ports.cluster)))
  if (inputs.dryRun)
    return dryRun(
      'rollback',
      plans.map((plan) => ({ plan, others: [], needed: permissions })),
      ports,
    )
  const results = await allBack(plans, { inputs, order: wayBack(plans.map(needing)), ports, unreadable })
  return together([...results, ...unreadable.map(unreadableTarget)])
}

interface Return {
  readonly inputs: RollbackInputs
  readonly order: WayBack
  readonly ports: Ports
  readonly unreadable: readonly UnreadableState[]
}

/** In parallel, and those of one release in the reverse order of their needs; each object is watched once for all. */
function allBack(
  plans: readonly Plan[],
  { inputs, order, ports, unreadable }: Return,
): Promise<readonly TargetResult[]> {
  return sharing(plans, ports, (watching) =>
    everyTarget(
      plans,
      async (plan, own) => {
        await order.turn(plan.deployment)
        try {
          return await one(plan, inputs, { ...own, watching, follow: followed(order, ports) })
        } finally {
          order.over(plan.deployment)
        }
      },
      {
        ports,
        name: ({ deployment }) => deployment,
        title: ({ deployment, release }) => `${deployment} back to ${release}`,
        operation: 'rollback',
        undone: 'rolled back',
        unreadable,
      },
    ),
  )
}

const followed = (order: WayBack, { follow }: Ports): NonNullable<Ports['follow']> => {
  return (rollout, because) => {
    order.follow(rollout)
    follow?.(rollout, because)
  }
}

/** A release of several services may have been refused before the first of them was changed: then there is nothing to bring back. */
function notRunning({ namespace, release }: RollbackInputs, states: readonly Rollout[]): CanaryOutcome {
  const running = states.map(({ plan, releases }) => `${plan.deployment} ${releases.current ?? 'nothing'}`)
  return {
    kind: 'passed',
    because: `nothing in ${namespace} runs ${release ?? 'a release'}, so nothing goes back; it runs ${running.join(', ')}`,
    subject: { target: namespace },
    evidence: evidenceOf('rollback', []),
    targets: [],
  }
}

async function one(plan: Plan, inputs: RollbackInputs, ports: Ports): Promise<TargetResult> {
  const work = { plan, others: [], timeoutMs: inputs.timeoutMs }
  return resultFor(plan, await rollOut(work, rolloutPorts(ports)))
}

function planFor(state: Rollout, inputs: RollbackInputs): Plan {
  const { releases, plan } = state
  const wanted = inputs.toRelease ?? (isOnTheWay(state, inputs.release) ? releases.current : null)
  return planRollback(plan, releaseToReturnTo(releases, wanted, plan.deployment), inputs.readyTimeoutMs)
}

/** `release` names the release to undo; without it, the current one. */
const runs = ({ releases }: Rollout, release: string | null) =>
  release === null || releases.current === release

/** A runner was lost while the release to undo got its traffic: the current release is still the one before. */
const isOnTheWay = ({ plan, phase, releases }: Rollout, release: string | null) =>
  plan.kind === 'deploy' &&
  plan.release === release &&
  phase.kind !== 'done' &&
  releases.current !== null &&
  releases.current !== release

function promotedAt({ releases }: Rollout): number {
  return releases.list.find((one) => one.release === releases.current)?.at ?? 0
}

function together(results: readonly TargetResult[]): CanaryOutcome {
  const back = results.map((one) => asRollback(one))
  const bad = back.filter(
    (one) => one.verdict === 'halted' || (one.verdict === 'rolled-back' && !isBack(one)),
  )
  const [first] = back
  // An unreadable target has no release to name.
  if (back.length === 1 && first !== undefined && first.release !== '') {
    const outcome = outcomeOf('rollback', first)
    return bad.length === 0 ? { ...outcome, kind: 'passed', because: first.because } : outcome
  }
  const names = (list: readonly TargetResult[]) =>
    list.map((one) => `${one.deployment} ${one.release}`).join(', ')
  return {
    kind: bad.length === 0 ? 'passed' : 'refused',
    because:
      bad.length === 0
        ? `rolled back: ${names(back)}`
        : `not rolled back: ${bad.map((one) => `${one.deployment}: ${one.because}`).join('; ')}`,
    subject: { target: first?.namespace ?? '' },
    evidence: evidenceOf('rollback', back),
    targets: back,
  }
}

/** A rollback that reached its release has the verdict `rolled-back`, although its last phase is `promoted`. */
function asRollback(result: TargetResult): TargetResult {
  return result.verdict === 'promoted' ? { ...result, verdict: 'rolled-back' } : result
}

function isBack({ rollout }: TargetResult): boolean {
  return rollout?.phase.kind === 'done' && rollout.phase.verdict === 'promoted'
}
