import { Failure } from '@alt-las/failure'
import { mirrored, type KubeObject, type Service } from '@alt-las/kubernetes'
import { differing } from '../cluster/objects.ts'
import { watchedBy } from '../cluster/watched.ts'
import { world } from '../cluster/world.ts'
import { observeConfigs } from '../config/configs.ts'
import { isServing } from '../decide/serving.ts'
import { fence } from '../guard/fencing.ts'
import { observeVersions, type Versions } from '../observe/observe.ts'
import { resultOf, type TargetResult } from '../outcome.ts'
import { called } from '../plan/called.ts'
import { checkRolling, refuseOtherKind } from '../plan/check-rolling.ts'
import type { Plan } from '../plan/plan.ts'
import type { Ports } from '../ports.ts'
import { checkRouter } from '../routers/check-router.ts'
import { routerFor } from '../routers/choose.ts'
import { journal, readState, stateAt } from '../state/journal.ts'
import { hold, type Holding } from '../state/lease.ts'
import type { Rollout } from '../state/rollout.ts'
import { teller } from '../summary/teller.ts'
import { noVisits } from '../synthetic/visits.ts'
import { beginning, newRollout } from './begin.ts'
import { driveOrBringBack } from './bring-back.ts'
import type { Driven, Journal } from './drive.ts'

export interface Work {
  readonly plan: Plan
  /** The objects of `manifests` beside the Deployment. */
  readonly others: readonly KubeObject[]
  readonly timeoutMs: number
}

/** Brings one target to what the plan wants, whatever an earlier run has left, or back to where it was. */
export async function rollOut(work: Work, ports: Ports): Promise<TargetResult> {
  const { plan } = work
  const versions = await observeVersions(plan, { now: ports.clock.now() }, ports.cluster)
  const known = readState(await ports.cluster.get(stateAt(plan.namespace, plan.deployment)))
  await refuseOtherKind(plan, known, ports.cluster)
  const serving = known?.phase.kind === 'done' && (await servesAlready(plan, { known, versions }, ports))
  const recorded = known?.releases.current === plan.release
  const asWanted = serving && recorded && (await observeConfigs(plan, ports.cluster)) !== 'pending'
  if (asWanted && (await differing(work.others, ports.cluster)).length === 0) return unchanged(plan)
  if (!serving) await checkTarget(work, versions, ports)
  await ensureNamespace(work, ports)
  return holdingTarget(plan, ports, (desk) => act(work, desk))
}

interface Target {
  readonly namespace: string
  readonly deployment: string
}

/** Drives what an earlier run left, from where `start` says; throws Failure `no-state` where there is nothing. */
export function driveOn(
  target: Target,
  timeoutMs: number,
  { ports, start }: { readonly ports: Ports; readonly start: (known: Rollout) => Rollout },
): Promise<Driven> {
  return holdingTarget(target, ports, async (desk) => {
    const known = await desk.book.find()
    if (known === null)
      throw new Failure('no-state', `${target.namespace}/${target.deployment} was never rolled out`, {
        fault: 'input',
      })
    const begun = { ...start(known), epoch: known.epoch + 1 }
    return run(begun, { plan: begun.plan, others: [], timeoutMs }, desk)
  })
}

/** What a run works with while it holds a target. */
interface Desk {
  readonly book: Journal
  readonly leftMs: Holding['leftMs']
  readonly ports: Ports
}

async function holdingTarget<T>(
  { namespace, deployment }: Target,
  ports: Ports,
  work: (desk: Desk) => Promise<T>,
): Promise<T> {
  const { cluster, clock, log, holder } = ports
  const tell = (line: string) => {
    log.line(line)
  }
  const holding = await hold({ namespace, deployment, holder }, { cluster, clock, tell })
  try {
    const book = journal({ namespace, deployment }, holding, cluster)
    return await work({ book, leftMs: () => holding.leftMs(), ports })
  } finally {
    await holding.release()
  }
}

async function act(work: Work, desk: Desk): Promise<TargetResult> {
  const { plan } = work
  const { book, ports } = desk
  const known = await book.find()
  const now = ports.clock.now()
  const start = beginning(known, plan, now)
  if (start.kind === 'finish-first') {
    ports.log.line(`first the rollout that an earlier run left half-way: ${start.rollout.because}`)
    const earlier = await run({ ...start.rollout, epoch: start.rollout.epoch + 1 }, work, desk)
    if (earlier.end.kind === 'stop') return resultOf(earlier)
    return resultOf(await run(newRollout(plan, earlier.rollout, ports.clock.now()), work, desk))
  }
  if (start.kind === 'resume') {
    ports.log.line(`goes on where an earlier run stopped: ${start.rollout.because}`)
    const resumed = { ...start.rollout, epoch: start.rollout.epoch + 1 }
    return resultOf(await run(resumed, work, desk))
  }
  return resultOf(await run(newRollout(plan, known, now), work, desk))
}

async function run(start: Rollout, work: Work, { book, leftMs, ports }: Desk): Promise<Driven> {
  const { clock, interrupted, log } = ports
  const tell = (line: string) => {
    log.line(line)
  }
  const visits = ports.visits?.() ?? noVisits
  const say = teller(log, clock)
  const watching = mirrored(ports.cluster, watchedBy(start.plan), { clock, tell })
  try {
    const own = await fence(start, book, { cluster: watching, leftMs })
    const { namespace, deployment } = start.plan
    const target = { namespace, deployment, epoch: own.start.epoch }
    ports.leaves?.(target, 'begun')
    const driven = await driveOrBringBack(own.start, own.claim, {
      world: world({ ...ports, cluster: own.cluster, objects: work.others }),
      journal: own.journal,
      news: watching.changed,
      clock,
      interrupted,
      timeoutMs: work.timeoutMs,
      tell: (decision, rollout, seen) => {
        visits.follow(rollout)
        say(decision, rollout, seen)
      },
    })
    if (driven.end.kind === 'finish' || driven.end.why === 'halted') ports.leaves?.(target, 'over')
    return { ...driven, synthetic: await visits.over() }
  } finally {
    await visits.over()
    watching.close()
  }
}

async function servesAlready(
  plan: Plan,
  { known, versions }: { readonly known: Rollout; readonly versions: Versions },
  { cluster }: Ports,
): Promise<boolean> {
  if (versions.stable?.version !== plan.version) return false
  const routes = { ...(await routerFor(plan.router, cluster).see(plan)), settledMs: 0 }
  return isServing({ plan, served: known.served }, { ...versions, router: routes })
}

function unchanged(plan: Plan): TargetResult {
  return {
    namespace: plan.namespace,
    deployment: plan.deployment,
    verdict: 'unchanged',
    because: `${plan.deployment} already runs ${plan.image}, nothing was changed`,
    image: plan.image,
    previousImage: plan.image,
    release: plan.release,
    weight: 0,
    rollout: null,
  }
}

/** What the rollout relies on, before the first write. Throws Failure `bad-target` (fault input) with the remedy. */
export async function checkTarget(
  { plan, others }: Pick<Work, 'plan' | 'others'>,
  versions: Versions,
  { cluster, scrapes }: Ports,
): Promise<void> {
  const { namespace, service } = plan
  if (plan.strategy === 'rolling') return checkRolling(plan, others, cluster)
  const bad = (message: string, hint: string) => new Failure('bad-target', message, { fault: 'input', hint })
  const declared = others.some((one) => one.kind === 'Service' && one.metadata.name === service)
  const live = await cluster.get<Service>({ apiVersion: 'v1', kind: 'Service', namespace, name: service })
  if (live === null && !declared)
    throw bad(
      `there is no Service ${namespace}/${service}`,
      'add it to the manifests, or name it in `service`',
    )
  const serves = versions.stable !== null && versions.stable.ready > 0
  await checkRouter(plan, { declared: others, replicas: serves ? versions.stable.replicas : null, cluster })
  if (plan.kind === 'rollback' || !serves) return
  const reading = await scrapes.next(plan, null, { weight: 0, settledMs: 0 })
  if (reading.kind === 'blind' && reading.lasting)
    throw bad(
      `${called(plan).fresh} could not be judged: ${reading.because}`,
      'nothing was changed; check metrics-url',
    )
}

/** The state lives in the target's namespace, so that comes before everything where it is new. */
async function ensureNamespace({ plan, others }: Work, { cluster }: Ports): Promise<void> {
  const declared = others.find((one) => one.kind === 'Namespace' && one.metadata.name === plan.namespace)
  if (declared !== undefined)
    for (const one of await differing([declared], cluster)) await cluster.apply(one, 'alt-las-delivery')
}
