import type { Rule } from './policy.ts'
import type { Scenario } from './scenario.ts'
import { blockSeconds, world } from './world.ts'
import { horizon } from './start.ts'

/** How one rollout ended. */
export interface Ending {
  readonly kind: 'rolled-back' | 'promoted' | 'undecided'
  /** Seconds until the decision. */
  readonly seconds: number
  /** Canary requests that failed or never ended until then. */
  readonly failed: number
  /** Requests of both versions until then. */
  readonly requests: number
  readonly provenAt: number | null
  readonly because: string
  /** Comparisons with all traffic on the canary; null if it never had it. */
  readonly compared: number | null
  /** From the fault after the switch to the decision, in seconds; null without one. */
  readonly sinceFault: number | null
}

/** A rule against one world, until it decides or time is over. */
export function rollOut(scenario: Scenario, rule: Rule, seeds: readonly [number, number]): Ending {
  const here = world(scenario, ...seeds)
  const policy = rule(scenario, here)
  let kind: Ending['kind'] = 'undecided'
  let seconds = 0
  let fault: number | null = null
  let isSwitched = false
  for (let end = 0; end < horizon || isSwitched;) {
    const block = here.next(scenario.weight ?? policy.weight)
    seconds = block.to / 1000
    end = seconds / blockSeconds
    const said = policy.see(block)
    if (!isSwitched && typeof policy.compared === 'number') {
      isSwitched = true
      fault = here.switched()
    }
    if (said === 'go') continue
    kind = said === 'bad' ? 'rolled-back' : said === 'good' ? 'promoted' : 'undecided'
    break
  }
  return {
    kind,
    seconds,
    failed: here.failed(),
    requests: here.requests(),
    provenAt: policy.provenAt ?? null,
    because: policy.because ?? '',
    compared: policy.compared ?? null,
    sinceFault: fault === null ? null : seconds - fault,
  }
}
