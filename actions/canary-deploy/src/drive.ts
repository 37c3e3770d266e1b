import { formatDuration, type Clock } from '@alt-las/time'
import { decide } from './decide.ts'
import type { Decision, Effect } from './decision.ts'
import type { Judgement } from './judging.ts'
import { beginStep } from './judging.ts'
import { remember } from './releases.ts'
import { enter, type Rollout } from './rollout.ts'
import type { Sight, WorldSight } from './sight.ts'
import { isUnclear } from './swap.ts'

/** The cluster as the rollout needs it. */
export interface World {
  observe(rollout: Rollout): Promise<WorldSight>
  /** Makes it so; doing it twice is doing it once. Throws Failure `conflict` where the world has changed under it. */
  ensure(effect: Effect, rollout: Rollout): Promise<void>
  /** Takes the next block of metrics, if one is there in a few seconds, into what is held of the canary. */
  measure(rollout: Rollout, seen: Sight): Promise<Judgement>
}

/** The memory: compare-and-swap, and the right to act at all. */
export interface Journal {
  find(): Promise<Rollout | null>
  save(rollout: Rollout): Promise<void>
  /** Proves that this runner still holds the target; throws Failure `lease-lost`. */
  keep(): Promise<void>
}

export interface DrivePorts {
  readonly world: World
  readonly journal: Journal
  readonly clock: Clock
  readonly interrupted: AbortSignal
  /** After this long the run ends as if it was interrupted. */
  readonly timeoutMs: number
  /** Each new decision, for the log. */
  readonly tell: (decision: Decision, rollout: Rollout, seen: Sight) => void
}

export interface Driven {
  readonly rollout: Rollout
  readonly end: Extract<Decision, { kind: 'stop' | 'finish' }>
}

const pauseMs = 1000
const mostUnclear = 10

/**
 * The only loop: look, decide, tell, one deed. The phase is saved before any deed that belongs to it. What breaks on the way there is
 * thrown as it is; `bringBack` knows what to do about it.
 */
export async function drive(start: Rollout, ports: DrivePorts): Promise<Driven> {
  const { world, journal, clock } = ports
  let rollout = start
  const begun = clock.elapsed()
  let since = begun
  let unclear = 0
  for (;;) {
    await journal.keep()
    const seen = await look(rollout, { begun, since }, ports)
    const decision = decide(rollout, seen)
    ports.tell(decision, rollout, seen)
    switch (decision.kind) {
      case 'stop':
      case 'finish':
        return { rollout, end: decision }
      case 'enter':
        rollout = entered(rollout, decision, { at: clock.now(), seen })
        since = clock.elapsed()
        await journal.save(rollout)
        break
      case 'do':
        unclear = (await done(decision.effect, rollout, world)) ? 0 : unclear + 1
        if (unclear > mostUnclear) await world.ensure(decision.effect, rollout)
        if (unclear > 0) await pause(ports)
        break
      case 'measure': {
        const judgement = await world.measure(rollout, seen)
        const news = judgement.state !== rollout.judgement.state
        rollout = { ...rollout, judgement }
        if (news) await journal.save(rollout)
        break
      }
      case 'wait':
        await pause(ports)
    }
  }
}

async function look(
  rollout: Rollout,
  { begun, since }: { readonly begun: number; readonly since: number },
  { world, clock, interrupted, timeoutMs }: DrivePorts,
): Promise<Sight> {
  const seen = await world.observe(rollout)
  const timedOut =
    clock.elapsed() - begun > timeoutMs ? `not finished after ${formatDuration(timeoutMs)}` : null
  return {
    ...seen,
    interrupted: interrupted.aborted ? reasonOf(interrupted) : timedOut,
    inPhaseMs: clock.elapsed() - since,
    enteredMs: clock.now() - (rollout.timeline.at(-1)?.at ?? rollout.startedAt),
    totalMs: clock.now() - rollout.startedAt,
  }
}

function entered(
  rollout: Rollout,
  decision: Extract<Decision, { kind: 'enter' }>,
  { at, seen }: { readonly at: number; readonly seen: Sight },
): Rollout {
  const { phase, because, before } = decision
  const next = enter({ ...rollout, before: before ?? rollout.before }, phase, {
    at,
    weight: seen.router.weight ?? 0,
    because,
  })
  if (phase.kind === 'step')
    return { ...next, judgement: beginStep(next.judgement, rollout.plan.steps[phase.index]?.weight ?? 0) }
  if (phase.kind === 'done' && (phase.verdict === 'promoted' || phase.verdict === 'unchanged')) {
    const releases = remember(next.releases, rollout.plan, at)
    return { ...next, releases, served: seen.stable?.hash ?? null }
  }
  return next
}

/** False where somebody else was faster, or the answer was lost: the world is then looked at again. */
async function done(effect: Effect, rollout: Rollout, world: World): Promise<boolean> {
  try {
    await world.ensure(effect, rollout)
    return true
  } catch (error) {
    if (isUnclear(error)) return false
    throw error
  }
}

async function pause({ clock, interrupted }: DrivePorts): Promise<void> {
  try {
    // Once interrupted the signal would end every sleep at once: the rest is waited for without it.
    await clock.sleep(pauseMs, interrupted.aborted ? undefined : interrupted)
  } catch (error) {
    if (!interrupted.aborted) throw error
  }
}

const reasonOf = (signal: AbortSignal) =>
  signal.reason instanceof Error ? signal.reason.message : 'interrupted'
