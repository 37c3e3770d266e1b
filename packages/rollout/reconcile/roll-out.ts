import { Failure } from '@alt-las/failure'
import { cached } from '@alt-las/kubernetes'
import { routerFor } from '@alt-las/routers'
import { wouldChangeAny } from '../apply/objects.ts'
import { observeConfigs } from '../configs/configs.ts'
import { isServing } from '../decide/serving.ts'
import { fence } from '../fencing/fencing.ts'
import { manager } from '../model/names.ts'
import type { Plan } from '../model/plan.ts'
import type { Journal, RolloutPorts } from '../model/ports.ts'
import type { Rollout } from '../model/rollout.ts'
import { noVisits } from '../model/synthetic.ts'
import { type Preflight, preflight } from '../preflight/preflight.ts'
import { requireClear } from '../preflight/require-clear.ts'
import { writtenObjects } from '../observe/written-objects.ts'
import { type Versions, observeVersions } from '../observe/workloads/observe-versions.ts'
import { watchedBy } from '../observe/watched-objects.ts'
import { factsOf } from '../strategies/phases.ts'
import { ensureKey } from '../state/find-key.ts'
import { journal } from '../state/journal.ts'
import { type Holding, hold } from '../state/lease.ts'
import { findState } from '../state/states.ts'
import { beginning, newRollout } from './begin.ts'
import { reconcileOrRevert } from './reconcile-or-revert.ts'
import { refuseOtherKind } from './check-rolling.ts'
import { checkTarget } from './check-target.ts'
import { clusterAdapter } from './cluster-adapter.ts'
import type { Reconciled } from './reconcile.ts'
import type { Work } from './work.ts'

/**
 * Brings one target to the plan's state, from any state of an earlier run, or back to the old version. null if the plan's version
 * already serves and nothing had to be done.
 */
export async function rollOut(work: Work, ports: RolloutPorts): Promise<Reconciled | null> {
  const checked = await checkWork(work, ports)
  for (const sentence of checked.notes) ports.log.line(sentence)
  requireClear(checked)
  if (!checked.isNeeded) return null
  await ensureNamespace(work, ports)
  const holding = await holdTarget(work.plan, ports)
  try {
    return await rollOutHeld(work, holding, ports)
  } finally {
    await holding.release()
  }
}

/** What is known of a target before its first write. */
export interface CheckedWork extends Pick<Preflight, 'refusals' | 'demand'> {
  /** False where the plan's version already serves and nothing has to be done. */
  readonly isNeeded: boolean
  /** An earlier run of the same plan has begun it. */
  readonly isUnderWay: boolean
  /** Sentences for the log. */
  readonly notes: readonly string[]
  readonly known: Rollout | null
}

/** Everything that can be found before the first write; only reads. Throws Failure `bad-target` (fault input) with the remedy. */
export async function checkWork(work: Work, ports: RolloutPorts): Promise<CheckedWork> {
  const { plan } = work
  const versions = await observeVersions(plan, { now: ports.clock.now() }, ports.cluster)
  const known = await findState(plan, ports.cluster)
  await refuseOtherKind(plan, known, ports.cluster)
  const serving = known?.phase.kind === 'done' && (await servesAlready(plan, { known, versions }, ports))
  const recorded = known?.releases.current === plan.release
  const asWanted = serving && recorded && (await observeConfigs(plan, ports.cluster)) !== 'pending'
  const clear = { refusals: [], demand: null, notes: [], known, isUnderWay: isUnderWay(known, plan) }
  if (asWanted && !(await wouldChangeAny(work.others, ports.cluster))) return { ...clear, isNeeded: false }
  const looked = clear.isUnderWay ? null : await preflight({ ...work, versions, serving }, ports.cluster)
  const ahead = looked === null ? {} : { ...looked, notes: [...looked.notes, ...looked.unseen] }
  // What refuses the target is said first: its metrics cannot be read without a route.
  if (!serving && (looked?.refusals.length ?? 0) === 0) await checkTarget(work, versions, ports)
  return { ...clear, ...ahead, isNeeded: true }
}

/** A checked target, by a run that holds it. */
export async function rollOutHeld(work: Work, holding: Holding, ports: RolloutPorts): Promise<Reconciled> {
  return whileHolding(work.plan, holding, { ports, work: (desk) => act(work, desk) })
}

/** A resumed rollout was checked at its start; half-way the checks would fail. */
const isUnderWay = (known: Rollout | null, plan: Plan): boolean =>
  known !== null && beginning(known, plan, 0).kind === 'resume' && factsOf(known.phase).wayBack !== 'none'

interface Target {
  readonly namespace: string
  readonly deployment: string
}

interface Resumed {
  readonly ports: RolloutPorts
  readonly start: (known: Rollout) => Rollout
}

/** Reconciles an unfinished rollout from `start`; throws Failure `no-state` without one. */
export async function resumeRollout(
  target: Target,
  timeoutMs: number,
  resumed: Resumed,
): Promise<Reconciled> {
  const holding = await holdTarget(target, resumed.ports)
  try {
    return await resumeHeld(target, holding, { ...resumed, timeoutMs })
  } finally {
    await holding.release()
  }
}

/** The same by a run that holds the target. */
export function resumeHeld(
  target: Target,
  holding: Holding,
  { ports, start, timeoutMs }: Resumed & { readonly timeoutMs: number },
): Promise<Reconciled> {
  const work = async (desk: Desk): Promise<Reconciled> => {
    const known = await desk.book.find()
    if (known === null)
      throw new Failure('no-state', `${target.namespace}/${target.deployment} was never rolled out`, {
        fault: 'input',
      })
    const begun = { ...start(known), fencingToken: known.fencingToken + 1 }
    return run(begun, { plan: begun.plan, others: [], timeoutMs }, desk)
  }
  return whileHolding(target, holding, { ports, work })
}

/** The tools of a run that holds a target. */
interface Desk {
  readonly book: Journal
  readonly leftMs: Holding['leftMs']
  readonly ports: RolloutPorts
}

/** Takes the lease of a target; throws Failure `held`. */
export const holdTarget = (
  { namespace, deployment }: Target,
  { cluster, clock, log, holder }: RolloutPorts,
): Promise<Holding> =>
  hold(
    { namespace, deployment, holder },
    {
      cluster,
      clock,
      log: (line) => {
        log.line(line)
      },
    },
  )

interface Held<T> {
  readonly ports: RolloutPorts
  readonly work: (desk: Desk) => Promise<T>
}

async function whileHolding<T>(
  { namespace, deployment }: Target,
  holding: Holding,
  { ports, work }: Held<T>,
): Promise<T> {
  const { cluster, random } = ports
  const key = await ensureKey(namespace, { cluster, holding, random })
  const book = journal({ namespace, deployment }, { holding, key }, cluster)
  return work({ book, leftMs: () => holding.leftMs(), ports })
}

async function act(work: Work, desk: Desk): Promise<Reconciled> {
  const { plan } = work
  const { book, ports } = desk
  const known = await book.find()
  const now = ports.clock.now()
  const start = beginning(known, plan, now)
  if (start.kind === 'finish-first') {
    ports.log.line(`first completes the unfinished rollout of an earlier run: ${start.rollout.because}`)
    const earlier = await run({ ...start.rollout, fencingToken: start.rollout.fencingToken + 1 }, work, desk)
    if (earlier.end.kind === 'stop') return earlier
    return run(newRollout(plan, earlier.rollout, ports.clock.now()), work, desk)
  }
  if (start.kind === 'resume') {
    ports.log.line(`continues where an earlier run stopped: ${start.rollout.because}`)
    const resumed = { ...start.rollout, fencingToken: start.rollout.fencingToken + 1 }
    return run(resumed, work, desk)
  }
  return run(newRollout(plan, known, now), work, desk)
}

async function run(start: Rollout, work: Work, { book, leftMs, ports }: Desk): Promise<Reconciled> {
  const { clock, interrupted, log } = ports
  const visits = ports.visits?.() ?? noVisits
  const progress = ports.progressLog()
  const places = watchedBy(start.plan)
  const ownLog = (line: string) => {
    log.line(line)
  }
  const watching = ports.watching?.(places) ?? cached(ports.cluster, places, { clock, log: ownLog })
  try {
    const own = await fence(start, book, {
      cluster: watching,
      leftMs,
      objectsOf: (rollout) => writtenObjects(rollout, watching),
    })
    const { namespace, deployment } = start.plan
    const target = { namespace, deployment, fencingToken: own.start.fencingToken }
    ports.unfinished?.(target, 'begun')
    const driven = await reconcileOrRevert(own.start, own.writeTokens, {
      adapter: clusterAdapter({
        ...ports,
        cluster: own.cluster,
        objects: work.others,
        reach: (plan) => visits.reach(plan),
      }),
      journal: own.journal,
      changed: watching.changed,
      clock,
      interrupted,
      timeoutMs: work.timeoutMs,
      ...(ports.release === undefined ? {} : { release: ports.release }),
      line: ownLog,
      log: (decision, rollout, seen) => {
        visits.follow(rollout)
        progress(decision, rollout, seen)
      },
    })
    if (driven.end.kind === 'finish' || driven.end.why === 'halted') ports.unfinished?.(target, 'over')
    return { ...driven, synthetic: await visits.over() }
  } finally {
    await visits.over()
    watching.close()
  }
}

async function servesAlready(
  plan: Plan,
  { known, versions }: { readonly known: Rollout; readonly versions: Versions },
  { cluster }: RolloutPorts,
): Promise<boolean> {
  if (versions.stable?.version !== plan.version) return false
  const routes = { ...(await routerFor(plan.router, cluster).observe(plan)), settledMs: 0 }
  return isServing({ plan, served: known.served }, { ...versions, router: routes })
}

/** The state is in the target's namespace, so a new namespace is created first. */
export async function ensureNamespace(
  { plan, others }: Pick<Work, 'plan' | 'others'>,
  { cluster }: Pick<RolloutPorts, 'cluster'>,
): Promise<void> {
  const declared = others.find((one) => one.kind === 'Namespace' && one.metadata.name === plan.namespace)
  if (declared === undefined) return
  const { apiVersion, kind, metadata } = declared
  if ((await cluster.get({ apiVersion, kind, name: metadata.name })) === null)
    await cluster.apply(declared, manager)
}
