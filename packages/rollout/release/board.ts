import { leavesWarm } from '../decide/answers/as-one-release.ts'
import { decide } from '../decide/decide.ts'
import type { Decision } from '../model/effects.ts'
import type { Observation, ObservedRelease } from '../model/observation.ts'
import type { Rollout } from '../model/rollout.ts'
import { settleMs } from '../model/timing.ts'
import { factsOf } from '../strategies/phases.ts'
import { strategyOf } from '../strategies/strategies.ts'

/**
 * `ahead`: not begun. `moving`: on its way to all traffic. `serving`: all traffic, the old version is still there. `passed`: nothing of its own is missing.
 * `returning`: it goes back. `back`: its traffic is on the old version, or it could do no more.
 */
export type Standing = 'ahead' | 'moving' | 'serving' | 'passed' | 'returning' | 'back'

export interface BoardTarget {
  readonly deployment: string
  readonly needs: readonly string[]
  /** Of the plan that it gets in this release. */
  readonly planHash: string
}

/** Why the release is refused: the first target that could not go on. */
export interface Refused {
  readonly by: string
  readonly because: string
}

/** How the targets of one release stand. Nothing of it is saved: a run that is started again derives it from the targets' own states. */
export interface Board {
  standing(deployment: string): Standing
  refused(): Refused | null
  /** What a rollout of this target observes of the others. */
  releaseFor(deployment: string): ObservedRelease
  /** A target begins once those that it needs have all traffic. */
  mayBegin(deployment: string): boolean
  /** Whether those that need it have their traffic back, so that it may go back, too. */
  mayReturn(deployment: string): boolean
  /** A decision of its rollout, with what it was decided from. */
  follow(decision: Decision, rollout: Rollout, seen: Observation): void
  /** Its rollout has ended there, or it has none. */
  ended(deployment: string, standing: 'passed' | 'returning' | 'back', because: string): void
}

export function releaseBoard(release: string, targets: readonly BoardTarget[]): Board {
  const standings = new Map<string, Standing>(targets.map(({ deployment }) => [deployment, 'ahead']))
  const known = new Map(targets.map((target) => [target.deployment, target]))
  let refused: Refused | null = null
  // The same sentence for every target: each of their moves would be a line for each of them.
  const waiting = `its own part is done; it waits for the rest of release ${release}`
  const standing = (name: string): Standing => standings.get(name) ?? 'passed'
  const needing = (name: string) => targets.filter(({ needs }) => needs.includes(name))
  const unreturned = (name: string) =>
    needing(name)
      .map(({ deployment }) => deployment)
      .filter((one) => !isOut.has(standing(one)))
  const set = (name: string, next: Standing, because: string): void => {
    standings.set(name, next)
    if (next === 'returning' || next === 'back') refused ??= { by: name, because: short(because) }
  }
  return {
    standing,
    refused: () => refused,
    releaseFor: (name) => {
      if (refused === null) {
        const isClear = targets.every(({ deployment }) => standing(deployment) === 'passed')
        return isClear ? { kind: 'clear' } : { kind: 'waits', because: waiting }
      }
      const others = unreturned(name)
      const because = `${refused.by} of release ${release} was refused: ${refused.because}`
      return others.length === 0
        ? { kind: 'refused', because }
        : { kind: 'waits', because: `${because}; first ${others.join(', ')} goes back, which needs it` }
    },
    mayBegin: (name) => (known.get(name)?.needs ?? []).every((need) => isServing.has(standing(need))),
    mayReturn: (name) => unreturned(name).length === 0,
    follow: (decision, rollout, seen) => {
      const { deployment } = rollout.plan
      if (rollout.planHash !== known.get(deployment)?.planHash || rollout.phase.kind === 'done') return
      // An earlier rollout is completed first: its end is not that of this release.
      if (standing(deployment) === 'ahead' && rollout.phase.kind === 'revert') return
      set(deployment, standingOf(decision, rollout, seen), rollout.because)
    },
    ended: set,
  }
}

/** Their traffic is where it was before. */
const isOut: ReadonlySet<Standing> = new Set(['ahead', 'back'])
const isServing: ReadonlySet<Standing> = new Set(['serving', 'passed'])

function standingOf(decision: Decision, rollout: Rollout, seen: Observation): Standing {
  const { phase } = rollout
  if (phase.kind === 'revert') {
    // The old pods of a rolling update come back one by one: it is back at its end.
    if (!strategyOf(rollout.plan).hasSecondVersion) return 'returning'
    const { weight, hasCanary, accepted, settledMs } = seen.router
    const isOff = !hasCanary || (accepted && settledMs >= settleMs)
    return weight === 0 && isOff ? 'back' : 'returning'
  }
  if (factsOf(phase).wayBack === 'forward') return 'passed'
  if (phase.kind !== 'warm') return 'moving'
  const alone = decide(rollout, { ...seen, release: { kind: 'clear' } })
  return leavesWarm(rollout, decision) || leavesWarm(rollout, alone) ? 'passed' : 'serving'
}

/** It becomes part of the sentence of every other target. */
const short = (text: string): string => (text.length > 300 ? `${text.slice(0, 299)}…` : text)
