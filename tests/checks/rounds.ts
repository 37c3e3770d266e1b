import type { Check, Lane, Round, Verdict } from './check.ts'

export interface RoundOptions {
  readonly checks: readonly Check[]
  /** Seconds of those that need not run again. */
  readonly kept: ReadonlyMap<string, number>
  /** Nothing after it begins when this check fails. */
  readonly foundation: string
  /** Whether there is time to begin another. */
  readonly hasTime: () => boolean
  /** `alone`: no other lane runs beside it. */
  readonly play: (check: Check, alone: boolean) => Promise<Verdict>
  readonly ended: (verdict: Verdict) => void
  /**
   * Plays what failed once more, by itself, after all others: a shared machine may stand still for seconds. What passes then is `unsteady`,
   * and is to be looked into.
   */
  readonly again?: boolean
}

/** Plays the rounds one after the other, the lanes of a round side by side. Every check gets a verdict. */
export async function playRounds(
  rounds: readonly Round[],
  options: RoundOptions,
): Promise<readonly Verdict[]> {
  const verdicts: Verdict[] = []
  const note = (verdict: Verdict) => {
    verdicts.push(verdict)
    options.ended(verdict)
  }
  const broken = () => verdicts.some(({ check, failed }) => check.name === options.foundation && failed > 0)
  for (const lanes of rounds) {
    const playLane = async (lane: Lane) => {
      for (const name of lane) {
        const check = options.checks.find((one) => one.name === name)
        if (check === undefined) throw new Error(`no check has the name ${name}`)
        const kept = options.kept.get(name)
        if (kept !== undefined) note({ check, kind: 'kept', seconds: kept, passed: 1, failed: 0 })
        else if (broken() || !options.hasTime())
          note({ check, kind: 'skipped', seconds: 0, passed: 0, failed: 1 })
        else note(await options.play(check, lanes.length === 1))
      }
    }
    await Promise.all(lanes.map(playLane))
  }
  return options.again === true && !broken() ? playAgain(verdicts, options) : verdicts
}

async function playAgain(verdicts: readonly Verdict[], options: RoundOptions): Promise<readonly Verdict[]> {
  const last: Verdict[] = []
  for (const verdict of verdicts) {
    const { kind, check } = verdict
    if ((kind !== 'failed' && kind !== 'late') || !options.hasTime()) {
      last.push(verdict)
      continue
    }
    const second = await options.play(check, true)
    const judged: Verdict = second.failed === 0 ? { ...second, kind: 'unsteady' } : second
    options.ended(judged)
    last.push(judged)
  }
  return last
}
