// The loop that observes, decides and writes until the rollout has ended, and how a run begins, resumes or goes back.
import { reasonOf } from '@alt-las/failure'
import { isUnclear } from '@alt-las/kubernetes'
import { type Clock, formatDuration } from '@alt-las/time'
import { decide } from '../decide/decide.ts'
import { beginFigures, beginStep } from '../judging/judging.ts'
import { beginCompare, beginWindow } from '../judging/late.ts'
import type { Decision, Effect } from '../model/effects.ts'
import type { Observation } from '../model/observation.ts'
import type { Journal, ClusterAdapter, RolloutPorts } from '../model/ports.ts'
import { type Rollout, enter, judgedMsAt, withWritten } from '../model/rollout.ts'
import type { Sent } from '../model/synthetic.ts'
import { remember } from '../state/releases.ts'
import { adopting } from './adopt.ts'
import { outlast } from './outage.ts'
import { promptly } from './promptly.ts'
import { repeated } from './repeated.ts'
import { strategyOf } from '../strategies/strategies.ts'

export interface ReconcilePorts {
  readonly adapter: ClusterAdapter
  readonly journal: Journal
  /** Resolves when a watched object has changed, or after the time. */
  readonly changed: (timeoutMs: number, signal?: AbortSignal) => Promise<void>
  readonly clock: Clock
  readonly interrupted: AbortSignal
  /** After this time the run ends as if it was interrupted. */
  readonly timeoutMs: number
  /** How the other targets of the release stand. */
  readonly release?: RolloutPorts['release']
  /** What happens beside the decisions: an API server that does not answer. */
  readonly line: (text: string) => void
  /** Each new decision, for the log. */
  readonly log: (decision: Decision, rollout: Rollout, seen: Observation) => void
}

export interface Reconciled {
  readonly rollout: Rollout
  readonly end: Extract<Decision, { kind: 'stop' | 'finish' }>
  /** null or absent = none requested. */
  readonly synthetic?: Sent | null
}

/** Time passes without changes, so the cluster is observed again after this time. */
const pauseMs = 1000

/** A burst of changes is one observation: changes within this time after the first are collected. */
const gatherMs = 200
const mostUnclear = 10
/** A write that changes nothing is tried for so long by a run that was interrupted. */
const interruptedMs = 5000

/**
 * The only loop: observe, decide, log, one write. The phase is saved before any write that belongs to it. Errors are
 * thrown unchanged; `bringBack` handles them.
 */
export async function reconcile(start: Rollout, ports: ReconcilePorts): Promise<Reconciled> {
  const { adapter: world, journal, clock } = ports
  let rollout = start
  const begun = clock.elapsed()
  let since = begun
  let unclear = 0
  const writes = repeated(clock)
  let last: Observation | null = null
  const { interrupted, line } = ports
  const patiently = <T>(work: () => Promise<T>): Promise<T> =>
    outlast(work, { clock, interrupted, line, until: begun + ports.timeoutMs })
  for (;;) {
    if (interrupted.aborted && last !== null) {
      await withdrawAtOnce(rollout, last, ports)
      last = null
    }
    await patiently(() => journal.keep())
    const looked = patiently(() => look(rollout, { begun, since }, ports))
    const seen = await promptly(looked, interrupted)
    if (seen === null) continue
    last = interrupted.aborted ? null : seen
    const decision = decide(rollout, seen)
    const limitMs = interrupted.aborted ? interruptedMs : rollout.plan.readyTimeoutMs
    const isRepeated = writes.isRepeated(decision, limitMs)
    if (isRepeated) await breather(ports)
    else ports.log(decision, rollout, seen)
    switch (decision.kind) {
      case 'stop':
      case 'finish':
        return { rollout, end: decision }
      case 'enter':
        rollout = entered(withWritten(rollout, world.written()), decision, { at: clock.now(), seen })
        since = clock.elapsed()
        await patiently(() => journal.save(rollout))
        break
      case 'do':
        unclear = (await done(decision.effect, rollout, world)) ? 0 : unclear + 1
        if (unclear > mostUnclear) await world.ensure(decision.effect, rollout)
        if (unclear > 0) await breather(ports)
        break
      case 'measure': {
        const judgement = await promptly(world.measure(rollout, seen), ports.interrupted)
        if (judgement === null) break
        const { state, late } = rollout.judgement
        const news = judgement.state !== state || judgement.late !== late
        rollout = { ...rollout, judgement }
        if (news) await patiently(() => journal.save(rollout))
        break
      }
      case 'smoke': {
        const smoke = await promptly(world.smoke(rollout), ports.interrupted)
        if (smoke === null) break
        rollout = { ...rollout, smoke }
        await patiently(() => journal.save(rollout))
        break
      }
      case 'wait':
        await pause(ports)
    }
  }
}

/** The runner leaves a few seconds: the target of the traffic is known from the last observation; do not wait for a new one or for the lease. */
async function withdrawAtOnce(rollout: Rollout, last: Observation, ports: ReconcilePorts): Promise<void> {
  const seen = { ...last, interrupted: reasonOf(ports.interrupted) }
  const decision = decide(rollout, seen)
  if (decision.kind !== 'do' || decision.effect.kind !== 'weight') return
  ports.log(decision, rollout, seen)
  await done(decision.effect, rollout, ports.adapter)
}

async function look(
  rollout: Rollout,
  { begun, since }: { readonly begun: number; readonly since: number },
  { adapter: world, clock, interrupted, timeoutMs, release }: ReconcilePorts,
): Promise<Observation> {
  const seen = await world.observe(rollout)
  const timedOut =
    clock.elapsed() - begun > timeoutMs ? `not finished after ${formatDuration(timeoutMs)}` : null
  return {
    ...seen,
    interrupted: interrupted.aborted ? reasonOf(interrupted) : timedOut,
    inPhaseMs: clock.elapsed() - since,
    enteredMs: clock.now() - rollout.enteredAt,
    switchedMs: rollout.switchedAt === null ? 0 : clock.now() - rollout.switchedAt.done,
    judgedMs: judgedMsAt(rollout, clock.now()),
    ...(release === undefined ? {} : { release: release() }),
  }
}

function entered(
  rollout: Rollout,
  decision: Extract<Decision, { kind: 'enter' }>,
  { at, seen }: { readonly at: number; readonly seen: Observation },
): Rollout {
  const { phase, because, baseline, cause } = decision
  const releases = adopting(rollout.releases, phase, { at, seen })
  const known = {
    ...rollout,
    releases,
    baseline: baseline ?? rollout.baseline,
    cause: cause ?? rollout.cause,
  }
  const next = enter(known, phase, {
    at,
    weight: seen.router.weight ?? 0,
    because,
  })
  if (phase.kind === 'warm' && strategyOf(rollout.plan).traffic === 'at-once')
    return { ...next, judgement: beginStep(next.judgement, 100) }
  if (phase.kind === 'warm') return { ...next, judgement: beginWindow(next.judgement, rollout.plan) }
  if (phase.kind === 'compare')
    return { ...next, judgement: beginCompare(next.judgement, rollout.plan, phase.weight) }
  if (phase.kind === 'done' && (phase.verdict === 'promoted' || phase.verdict === 'unchanged')) {
    const releases = remember(next.releases, rollout.plan, at)
    return { ...next, releases, served: seen.stable?.hash ?? null }
  }
  return { ...next, judgement: beginFigures(next.judgement, phase) }
}

/** False if another writer was faster, or the answer was lost: the cluster is then observed again. */
async function done(effect: Effect, rollout: Rollout, world: ClusterAdapter): Promise<boolean> {
  try {
    await world.ensure(effect, rollout)
    return true
  } catch (error) {
    if (isUnclear(error)) return false
    throw error
  }
}

/** Until something changes, or a time needs a new observation. */
const pause = (ports: ReconcilePorts) =>
  undisturbed(ports, async (signal) => {
    const begun = ports.clock.elapsed()
    await ports.changed(pauseMs, signal)
    const changed = ports.clock.elapsed() - begun < pauseMs
    // Without the signal the run is interrupted already, and every moment counts.
    if (changed && signal !== undefined) await ports.clock.sleep(gatherMs, signal)
  })

/** Back off before retrying. */
const breather = (ports: ReconcilePorts) => undisturbed(ports, (signal) => ports.clock.sleep(pauseMs, signal))

async function undisturbed(
  { interrupted }: ReconcilePorts,
  wait: (signal: AbortSignal | undefined) => Promise<void>,
): Promise<void> {
  try {
    // After an interruption the signal would end every wait at once, so the rest waits without it.
    await wait(interrupted.aborted ? undefined : interrupted)
  } catch (error) {
    if (!interrupted.aborted) throw error
  }
}
