import {
  beginComparison,
  beginWatch,
  judge,
  suspicionOf,
  watch,
  type Block,
  type Watch,
} from '@alt-las/judge'
import type { Past, Policy } from './policy.ts'
import type { Scenario } from './scenario.ts'
import { startOf } from './start.ts'
import { blockSeconds } from './world.ts'

/** `rollback-window` of ten minutes; a comparison lasts no longer either. */
export const windowBlocks = 600 / blockSeconds
const risk = 0.01
const half = 0.5

type Said = ReturnType<Policy['see']>

interface Place {
  readonly kind: 'ramp' | 'warm' | 'compare'
  readonly weight: number
  /** The block in which a weight changes belongs to neither. */
  readonly settling: boolean
}

/** This project's rollout to its end: the ramp, then all traffic, watched and compared as canary-deploy does it. */
export function watched(scenario: Scenario, past: Past): Policy {
  const start = startOf(scenario, past)
  let { state } = start
  let place: Place = { kind: 'ramp', weight: scenario.weight ?? start.weight, settling: false }
  let watching: Watch | null = null
  let [because, compared, warmBlocks] = ['', 0, 0]
  const moveTo = (kind: 'warm' | 'compare'): Said => {
    place = { kind, weight: kind === 'warm' ? 1 : half, settling: true }
    if (kind === 'compare')
      state = beginComparison(state, { attempt: ++compared, risk, horizon: windowBlocks })
    else watching = beginWatch(state, windowBlocks)
    return 'go'
  }
  const see = (block: Block): Said => {
    if (place.kind !== 'ramp') warmBlocks += 1
    if (place.settling) {
      place = { ...place, settling: false }
      return 'go'
    }
    const isOver = warmBlocks >= windowBlocks
    if (place.kind === 'warm' && watching !== null) {
      watching = watch(watching, block)
      const suspicion = suspicionOf(watching)
      because = suspicion.because
      if (suspicion.kind === 'suspected' || (isOver && suspicion.kind === 'uneasy')) return moveTo('compare')
      return isOver ? 'good' : 'go'
    }
    const { verdict } = judged(block)
    because = verdict.because
    if (verdict.kind === 'roll-back') return 'bad'
    if (place.kind === 'ramp') {
      if (verdict.kind === 'continue') place = { ...place, weight: scenario.weight ?? verdict.weight }
      if (verdict.kind === 'ready') return moveTo('warm')
      return verdict.kind === 'undecided' ? 'undecided' : 'go'
    }
    if (verdict.kind === 'undecided')
      return verdict.evidence.value >= Math.sqrt(verdict.evidence.limit) ? 'bad' : moveTo('warm')
    // What was looked into twice is compared to the end.
    return verdict.kind === 'ready' && (compared === 1 || isOver) ? moveTo('warm') : 'go'
  }
  function judged(block: Block): ReturnType<typeof judge> {
    const answer = judge(state, block)
    state = answer.state
    return answer
  }
  return {
    see,
    get weight() {
      return place.weight
    },
    get provenAt() {
      return state.provenAt === null ? null : state.provenAt / 1000
    },
    get because() {
      return because
    },
    get compared() {
      return place.kind === 'ramp' ? null : compared
    },
  }
}
