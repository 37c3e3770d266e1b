import { Failure } from '@alt-las/failure'
import type { Clock } from '@alt-las/time'
import { formatDuration } from '@alt-las/time'
import type { Decision } from '../model/effects.ts'

/** So often an effect may be wanted in a row before the run waits between two tries: others may write at the same moment. */
const mostAtOnce = 3

export interface Repeated {
  /** True where this write was decided too often: a pause has to come first. Throws Failure `no-effect` after `mostMs` of it. */
  isRepeated(decision: Decision, mostMs: number): boolean
}

/**
 * Notices writes that are decided again and again without any other decision between them: their object is gone, or somebody else takes
 * them back each time. They may neither keep the run busy nor last for ever.
 */
export function repeated(clock: Clock): Repeated {
  const wanted = new Map<string, { readonly since: number; times: number }>()
  return {
    isRepeated: (decision, mostMs) => {
      if (decision.kind !== 'do') {
        wanted.clear()
        return false
      }
      const name = JSON.stringify(decision.effect)
      const known = wanted.get(name) ?? { since: clock.elapsed(), times: 0 }
      known.times += 1
      wanted.set(name, known)
      if (known.times <= mostAtOnce) return false
      const forMs = clock.elapsed() - known.since
      if (forMs >= mostMs) throw withoutEffect(decision.because, forMs)
      return true
    },
  }
}

const withoutEffect = (because: string, forMs: number): Failure =>
  new Failure(
    'no-effect',
    `${because}: tried for ${formatDuration(forMs)}, and the cluster does not show it`,
    {
      fault: 'outside',
      hint: 'look whether somebody else has removed or changed the objects of this rollout, then run it again',
    },
  )
