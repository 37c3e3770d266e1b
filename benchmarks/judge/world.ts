import type { Arm, Block, Counts } from '@alt-las/judge'
import { bounds, latencies, type Pace } from './latencies.ts'
import type { Past } from './policy.ts'
import { binomial, gamma, multinomial, normal, poisson, randomOf, type Random } from './random.ts'
import type { AfterSwitch, Fault, Incident, Scenario } from './scenario.ts'

export const blockSeconds = 5
const historyBlocks = 360
const pods = 10

export interface World extends Past {
  /** All traffic is on the canary from now on: what the scenario has for after the switch begins. Seconds since the start of its fault. */
  switched(): number | null
  /** The next block under a weight of the canary. */
  next(weight: number): Block
  /** Canary requests that failed or never ended, so far. */
  failed(): number
  /** Requests of both versions, so far. */
  requests(): number
}

/** One rollout's world: the same traffic and incidents for every policy with the same seeds, split by the policy's own weights. */
export function world(given: Scenario, seed: number, rollout: number): World {
  let scenario = given
  let index = 0
  let pending: Block | null = null
  let late: Arm = none
  let [failed, requests] = [0, 0]
  const { misaligned = 0, gaps = 0, gapLength = 1 } = scenario
  const offset = misaligned * randomOf(seed, rollout, -1)()
  const one = (weight: number): Block => {
    const random = randomOf(seed, rollout, index)
    const from = index * blockSeconds
    index += 1
    const moment = { scenario, from, weight, random }
    const made = misaligned === 0 ? cut(moment, blockSeconds) : shifted(moment, offset)
    failed += made.lost + made.block.canary.errors
    requests += made.block.canary.requests + made.block.stable.requests
    return made.block
  }
  function shifted(moment: CutState, seconds: number): Cut {
    // Stable is scraped later: its last moments come with the next block.
    const cutAt = Math.min(blockSeconds - 0.5, seconds * (0.5 + moment.random()))
    const first = cut(moment, blockSeconds - cutAt)
    const second = cut({ ...moment, from: moment.from + blockSeconds - cutAt }, cutAt)
    const stable = addArms(late, first.block.stable)
    late = second.block.stable
    const canary = addArms(first.block.canary, second.block.canary)
    return { lost: first.lost + second.lost, block: { ...first.block, to: second.block.to, canary, stable } }
  }
  let past: readonly Block[] | null = null
  return {
    seeds: [seed, rollout],
    get history() {
      return (past ??= scenario.noHistory === true ? [] : history(scenario, seed, rollout))
    },
    switched: () => {
      const { afterSwitch } = scenario
      if (afterSwitch === undefined) return null
      const { at } = afterSwitch
      const wait = at === 'random' ? Math.floor(540 * randomOf(seed, rollout, 0, 11)()) : at
      scenario = withLate(scenario, afterSwitch, index * blockSeconds + wait)
      return index * blockSeconds + wait
    },
    next: (weight) => {
      let block = one(weight)
      const luck = randomOf(seed, rollout, index, 7)
      if (luck() < gaps) for (let i = 0; i < gapLength; i += 1) block = addBlocks(block, one(weight))
      pending = withResets(block, scenario.resets ?? 0, luck)
      return pending
    },
    failed: () => failed,
    requests: () => requests,
  }
}

function history(scenario: Scenario, seed: number, rollout: number): readonly Block[] {
  return Array.from({ length: historyBlocks }, (_, i) => {
    const from = (i - historyBlocks) * blockSeconds
    const random = randomOf(seed, rollout, i, 5)
    return cut({ scenario, from, weight: 0, random }, blockSeconds).block
  })
}

interface CutState {
  readonly scenario: Scenario
  /** Seconds since the canary came; below 0 before. */
  readonly from: number
  readonly weight: number
  readonly random: Random
}

interface Cut {
  readonly block: Block
  /** Canary requests that never ended. */
  readonly lost: number
}

function cut({ scenario, from, weight, random }: CutState, seconds: number): Cut {
  const swing = 1 + (scenario.swing ?? 0) * Math.sin((2 * Math.PI * from) / 600)
  const visitors = now(scenario, from).reduce((product, { traffic = 1 }) => product * traffic, 1)
  const arrivals = poisson(random, scenario.rps * swing * visitors * seconds)
  const bias = scenario.bias ?? 1
  const share = (bias * weight) / (bias * weight + 1 - weight)
  const canaryArrivals = binomial(random, arrivals, share)
  const fault = faultAt(scenario, from, weight)
  const answered = binomial(random, canaryArrivals, fault.answers)
  const shared = sharedAt(scenario, from, random)
  const stable = arm(arrivals - canaryArrivals, shared, { scenario, random, share: 1 - share })
  const cold = from < 20 ? 1 + ((scenario.coldStart ?? 1) - 1) * (1 - from / 20) : 1
  const canary = arm(
    answered,
    {
      rate: Math.min(1, shared.rate * fault.times + fault.errors),
      slow: shared.slow * fault.slow * (weight > 0 ? cold : 1),
      tail: shared.tail + fault.tail,
    },
    { scenario, random, share },
  )
  const times = { from: from * 1000, to: (from + seconds) * 1000 }
  return { block: { ...times, weight, canary, stable }, lost: canaryArrivals - answered }
}

interface Health extends Pace {
  readonly rate: number
}

function sharedAt(scenario: Scenario, at: number, random: Random): Health {
  const { base, drift = 1, bursts, jitter = 0 } = scenario
  let rate = base * drift ** (at / 1800)
  let slow = jitter === 0 ? 1 : Math.exp(jitter * normal(random))
  if (bursts?.of === 'both') rate *= gamma(random, bursts.shape)
  let tail = scenario.misses ?? 0
  for (const incident of now(scenario, at)) {
    rate += incident.errors ?? 0
    slow *= incident.slow ?? 1
    tail += incident.tail ?? 0
  }
  return { rate: Math.min(1, rate), slow, tail }
}

const now = ({ incidents = [] }: Scenario, at: number): readonly Incident[] =>
  incidents.filter(({ from, lasts }) => at >= from && at < from + lasts)

/** With the faults and incidents after the switch, at `start` seconds. */
function withLate(scenario: Scenario, { canary = [], incidents = [] }: AfterSwitch, start: number): Scenario {
  return {
    ...scenario,
    canary: [
      ...(scenario.canary ?? []),
      ...canary.map((fault) => ({ ...fault, from: (fault.from ?? 0) + start })),
    ],
    incidents: [
      ...(scenario.incidents ?? []),
      ...incidents.map((incident) => ({ ...incident, from: incident.from + start })),
    ],
  }
}

type Ill = Required<Omit<Fault, 'from' | 'lasts' | 'aboveWeight'>>

function faultAt({ canary = [] }: Scenario, at: number, weight: number): Ill {
  const all = canary.filter(
    ({ from = 0, lasts = Infinity, aboveWeight = -1 }) =>
      at >= from && at < from + lasts && weight > aboveWeight,
  )
  return {
    errors: all.reduce((sum, { errors = 0 }) => sum + errors, 0),
    times: all.reduce((product, { times = 1 }) => product * times, 1),
    slow: all.reduce((product, { slow = 1 }) => product * slow, 1),
    tail: all.reduce((sum, { tail = 0 }) => sum + tail, 0),
    answers: all.reduce((least, { answers = 1 }) => Math.min(least, answers), 1),
  }
}

interface Luck {
  readonly scenario: Scenario
  readonly random: Random
  /** The version's part of the pods. */
  readonly share: number
}

function arm(requests: number, health: Health, luck: Luck): Arm {
  const { scenario, random } = luck
  const { retries = 1 } = scenario
  const each = failures(requests, health.rate / ((retries + 1) / 2), luck)
  const first = each.reduce((sum, { errors }) => sum + errors, 0)
  let errors = first
  for (let i = 0; retries > 1 && i < first; i += 1) errors += Math.floor(random() * retries)
  const all = requests + errors - first
  const latency = { bounds, counts: multinomial(random, all, latencies(health)) }
  const counts = { requests: all, errors, latency }
  return scenario.pods === true && retries === 1 ? { ...counts, pods: each } : counts
}

/** Of each pod that has luck of its own. */
function failures(requests: number, rate: number, { scenario, random, share }: Luck): readonly Counts[] {
  const { bursts, hiccups } = scenario
  const apart = bursts?.of === 'pod' || hiccups !== undefined || scenario.pods === true
  if (!apart && (bursts === undefined || bursts.of === 'both'))
    return [{ requests, errors: binomial(random, requests, Math.min(1, rate)) }]
  const parts = apart ? Math.max(1, Math.round(share * pods)) : 1
  let left = requests
  return Array.from({ length: parts }, (_, i) => {
    const part = binomial(random, left, 1 / (parts - i))
    left -= part
    const burst = bursts === undefined || bursts.of === 'both' ? 1 : gamma(random, bursts.shape)
    const more = hiccups !== undefined && random() < hiccups.chance ? hiccups.errors : 0
    return { requests: part, errors: binomial(random, part, Math.min(1, rate * burst + more)) }
  })
}

const none: Arm = { requests: 0, errors: 0, latency: { bounds, counts: [...bounds, 0].map(() => 0) } }

function addArms(left: Arm, right: Arm): Arm {
  const [a, b] = [left.latency?.counts ?? [], right.latency?.counts ?? []]
  const counts = b.map((count, j) => count + (a[j] ?? 0))
  return {
    requests: left.requests + right.requests,
    errors: left.errors + right.errors,
    latency: { bounds, counts },
  }
}

const addBlocks = (left: Block, right: Block): Block => ({
  ...right,
  from: left.from,
  canary: addArms(left.canary, right.canary),
  stable: addArms(left.stable, right.stable),
})

function withResets(block: Block, chance: number, random: Random): Block {
  if (chance === 0) return block
  const thin = (one: Arm): Arm => {
    if (random() >= chance) return one
    const kept = random()
    const errors = binomial(random, one.errors, kept)
    const counts = (one.latency?.counts ?? []).map((count) => binomial(random, count, kept))
    return {
      requests: errors + binomial(random, one.requests - one.errors, kept),
      errors,
      latency: { bounds, counts },
    }
  }
  return { ...block, canary: thin(block.canary), stable: thin(block.stable) }
}
