import { describe, expect, test } from '@jest/globals'
import {
  begin,
  decideAtDeadline,
  isKnownNoWorse,
  judge,
  type Block,
  type Settings,
  type State,
  type Verdict,
} from '../index.ts'

const settings: Settings = {
  risk: 0.01,
  errorMargin: 1.2,
  latencyMargin: 1.1,
  horizon: 540,
  bake: 60_000,
  dispersion: null,
  expectTraffic: true,
  weights: { kind: 'auto', least: 0.01, reaction: 10_000 },
}
const bounds = [0.05, 0.1, 0.25, 0.5, 1, Infinity]
const usual = [0.2, 0.3, 0.3, 0.15, 0.04, 0.01]
const slow = [0.05, 0.15, 0.3, 0.3, 0.15, 0.05]

interface Health {
  readonly rate?: number
  readonly shape?: readonly number[] | null
  readonly answers?: number
}

/** A world without chance: 2500 requests a block. */
function blockAt(
  i: number,
  weight: number,
  { rate = 0.001, shape = usual, answers = 1 }: Health = {},
): Block {
  const arm = (requests: number, health: Required<Pick<Health, 'rate' | 'shape'>>) => {
    const n = Math.round(requests)
    // Whole errors, spread evenly over the blocks.
    const errors = Math.floor((i + 1) * n * health.rate) - Math.floor(i * n * health.rate)
    if (health.shape === null) return { requests: n, errors }
    const counts = health.shape.map((share) => Math.round(share * n))
    return { requests: n, errors, latency: { bounds, counts } }
  }
  return {
    from: 5000 * i,
    to: 5000 * (i + 1),
    weight,
    canary: arm(2500 * weight * answers, { rate, shape }),
    stable: arm(2500 * (1 - weight), { rate: 0.001, shape: shape === null ? null : usual }),
  }
}

const history = Array.from({ length: 360 }, (_, i) => blockAt(i, 0))
const historyWithoutLatency = Array.from({ length: 360 }, (_, i) => blockAt(i, 0, { shape: null }))

interface Played {
  readonly state: State
  readonly verdicts: readonly Verdict[]
  readonly weights: readonly number[]
}

/** A rollout that follows the judge's weights until a verdict ends it, or `blocks` are over. */
function play(
  health: (i: number) => Health,
  {
    blocks = 200,
    past = history,
    ...more
  }: Partial<Settings> & { blocks?: number; past?: readonly Block[] } = {},
): Played {
  let state = begin({ ...settings, ...more }, past)
  let weight = more.weights?.kind === 'auto' ? more.weights.least : 0.01
  const [verdicts, weights]: [Verdict[], number[]] = [[], []]
  for (let i = 0; i < blocks; i += 1) {
    weights.push(weight)
    const answer = judge(state, blockAt(i, weight, health(i)))
    state = answer.state
    verdicts.push(answer.verdict)
    if (answer.verdict.kind === 'continue') weight = answer.verdict.weight
    if (['roll-back', 'ready', 'undecided'].includes(answer.verdict.kind)) break
  }
  return { state, verdicts, weights }
}

describe('a verdict', () => {
  test('lets a healthy canary up to half, proves it, keeps a tenth of stable through the bake, and is then ready', () => {
    const { state, verdicts, weights } = play(() => ({}))
    expect(verdicts.at(-1)?.kind).toBe('ready')
    expect(Math.max(...weights)).toBe(0.9)
    expect(state.watched - (state.provenAt ?? 0)).toBeGreaterThanOrEqual(settings.bake)
    expect(
      weights.every(
        (weight, i) =>
          i === 0 || (weight >= (weights[i - 1] ?? 1) && weight <= 2 * (weights[i - 1] ?? 0) + 1e-9),
      ),
    ).toBe(true)
    expect(verdicts.at(-1)?.because).toMatch(
      /^canary fails 0\.\d+ % of requests \(\d+ of \d+\), stable .* at most 0\.\d+ percentage points more than stable; it answers as fast, within 1.1 times$/,
    )
  })

  test('raises nothing within the first half minute', () => {
    expect(play(() => ({}), { blocks: 7 }).weights.slice(0, 6)).toEqual(Array.from({ length: 6 }, () => 0.01))
  })

  test('rolls a slow canary back, by the bound where the two differ most', () => {
    const last = play(() => ({ shape: slow })).verdicts.at(-1)
    expect(last).toMatchObject({ kind: 'roll-back', cause: 'latency' })
    expect(last?.because).toMatch(
      /^5\d.* % of the canary's answers take longer than 250 ms, 20.* % of stable's at the same time; this or worse would occur in fewer than 1 of 100 rollouts of an equal version$/,
    )
  })

  test('leaves a cold start out of the latency, and not out of the errors', () => {
    expect(play((i) => ({ shape: i < 6 ? slow : usual })).verdicts.at(-1)?.kind).toBe('ready')
    expect(play((i) => ({ rate: i < 6 ? 0.5 : 0.001 })).verdicts.at(-1)).toMatchObject({
      kind: 'roll-back',
      cause: 'errors',
    })
  })

  test('says that latency was not judged where there is no histogram, and gives the errors the whole budget', () => {
    const { state, verdicts } = play(() => ({ shape: null }), { past: historyWithoutLatency })
    expect(state.latency.kind).toBe('absent')
    expect(verdicts.at(-1)?.kind).toBe('ready')
    expect(verdicts.at(-1)?.because).toContain('its latency was not judged: there is no histogram')
    expect(verdicts.at(-1)?.evidence.value).toBe(verdicts.at(-1)?.evidence.errors)
  })

  test('never promotes a canary whose histogram went away', () => {
    const kinds = play((i) => ({ shape: i < 8 ? usual : null }), { horizon: 150 }).verdicts.map(
      ({ kind }) => kind,
    )
    expect(kinds).not.toContain('ready')
    expect(kinds.at(-1)).toBe('undecided')
  })

  test('is never ready without canary traffic', () => {
    const { verdicts } = play(() => ({ answers: 0 }), { expectTraffic: false, horizon: 150 })
    expect(verdicts.map(({ kind }) => kind)).not.toContain('ready')
    expect(verdicts.at(-1)).toMatchObject({ kind: 'undecided', bound: 1 })
  })

  test('is never ready at less than half of the traffic', () => {
    let state = begin({ ...settings, weights: { kind: 'fixed', proof: 0.5 }, horizon: 150 }, history)
    for (let i = 0; i < 149; i += 1) {
      const answer = judge(state, blockAt(i, 0.4))
      expect(answer.verdict).toMatchObject({ kind: 'continue', weight: 0.4 })
      state = answer.state
    }
    const { verdict } = judge(state, blockAt(149, 0.4))
    expect(verdict.kind).toBe('undecided')
    expect(verdict.because).toMatch(
      /too little to tell; it may fail up to 0.\d+ percentage points more than stable$/,
    )
  })

  test('with fixed weights that end at a quarter is ready there, and never below', () => {
    const kindsAt = (weight: number) => {
      let state = begin({ ...settings, weights: { kind: 'fixed', proof: 0.25 } }, history)
      return Array.from({ length: 120 }, (_, i) => {
        const answer = judge(state, blockAt(i, weight))
        state = answer.state
        return answer.verdict.kind
      })
    }
    expect(kindsAt(0.25)).toContain('ready')
    expect(new Set(kindsAt(0.24))).toEqual(new Set(['continue']))
  })

  test('knows a canary to be no worse at whatever weight, and no longer under suspicion', () => {
    let state = begin(settings, history)
    for (let i = 0; i < 200; i += 1) state = judge(state, blockAt(i, 0.2)).state
    expect(isKnownNoWorse(begin(settings, history))).toBe(false)
    expect(isKnownNoWorse(state)).toBe(true)
    expect(state.provenAt).toBeNull()
    const kinds: string[] = []
    for (let i = 200; i < 205 && !kinds.includes('hold'); i += 1) {
      const answer = judge(state, blockAt(i, 0.2, { rate: 0.015 }))
      state = answer.state
      kinds.push(answer.verdict.kind)
    }
    expect(kinds.at(-1)).toBe('hold')
    expect(isKnownNoWorse(state)).toBe(false)
  })

  test('takes a fault in the bake for what it is', () => {
    const { verdicts, weights } = play((i) => ({ rate: i < 20 ? 0.001 : 0.2 }))
    expect(Math.max(...weights)).toBe(0.9)
    expect(verdicts.at(-1)).toMatchObject({ kind: 'roll-back', cause: 'errors' })
  })

  test('at a deadline that comes before the horizon is undecided, or what the evidence says; never a promotion', () => {
    const healthy = play(() => ({}), { blocks: 5 })
    expect(decideAtDeadline(healthy.state)).toMatchObject({ kind: 'undecided' })
    const bad = play(() => ({ rate: 0.5 }))
    expect(decideAtDeadline(bad.state).kind).toBe('roll-back')
  })

  test('without a history begins with a dispersion of 2, draws it towards what stable shows, and freezes it as the weight grows', () => {
    const { state, verdicts } = play(() => ({}), { past: [] })
    expect(verdicts[0]?.evidence.dispersion).toEqual({ source: 'stable', errors: 2, latency: 2 })
    expect(state.spread.errors).toBeLessThan(2)
    expect(verdicts.at(-1)?.kind).toBe('ready')
    expect(play(() => ({ rate: 0.5 }), { past: [] }).verdicts.at(-1)?.kind).toBe('roll-back')
  })

  test('is the same, bit by bit, of a state that went through JSON between any two blocks', () => {
    let [whole, saved] = [begin(settings, history), JSON.stringify(begin(settings, history))]
    for (let i = 0; i < 60; i += 1) {
      const block = blockAt(i, 0.3, { rate: 0.002 + 0.001 * (i % 3), shape: i % 2 === 0 ? usual : slow })
      const [one, other] = [judge(whole, block), judge(JSON.parse(saved) as State, block)]
      whole = one.state
      saved = JSON.stringify(other.state)
      expect(saved).toBe(JSON.stringify(whole))
      expect(other.verdict).toEqual(one.verdict)
    }
  })

  test('of pods is the same in whatever order they are listed', () => {
    const pods = (i: number) =>
      [0, 1, 2, 3].map((pod) => ({ requests: 500 + 50 * pod, errors: (i * 7 + pod * 3) % 5 }))
    const past = (order: (each: ReturnType<typeof pods>) => ReturnType<typeof pods>) =>
      history.map((block, i) => ({ ...block, stable: { ...block.stable, pods: order(pods(i)) } }))
    const [one, other] = [
      begin(
        settings,
        past((each) => each),
      ),
      begin(
        settings,
        past((each) => each.toReversed()),
      ),
    ]
    expect(one.spread.source).toBe('history')
    expect(one.spread.errors).toBeGreaterThan(1)
    expect(other.spread.errors).toBeCloseTo(one.spread.errors, 12)
  })

  test('needs a state of less than 24 KB, also for a histogram of 400 buckets', () => {
    const fine = Array.from({ length: 400 }, (_, i) => 1e-6 * 1.08 ** i)
    const histogram = { bounds: fine, counts: [...fine, 0].map((_, i) => (i * 7919) % 13) }
    const arm = { requests: 2600, errors: 3, latency: histogram }
    const block = { from: 0, to: 5000, weight: 0.5, canary: arm, stable: arm }
    let state = begin(
      settings,
      Array.from({ length: 50 }, () => block),
    )
    for (let i = 0; i < 50; i += 1) state = judge(state, block).state
    expect(state.latency.kind).toBe('judged')
    expect(JSON.stringify(state).length).toBeLessThan(24_000)
  })
})

describe('the weights', () => {
  test('begin so that a canary that always fails costs ten requests in the time it takes to act', () => {
    const first = (least: number) => {
      const { verdict } = judge(
        begin({ ...settings, weights: { kind: 'auto', least, reaction: 10_000 } }, history),
        blockAt(0, 0),
      )
      return verdict.kind === 'continue' ? verdict.weight : NaN
    }
    expect(first(0.001)).toBeCloseTo(0.002, 12)
    expect(first(0.01)).toBe(0.01)
  })

  test('reach half also where the router only sets thirds', () => {
    const { verdicts } = play(() => ({}), {
      weights: { kind: 'auto', least: 0.3, reaction: 10_000 },
      blocks: 100,
    })
    expect(verdicts.at(-1)?.kind).toBe('ready')
  })

  test('stay where they are under suspicion', () => {
    const { verdicts, weights } = play((i) => ({ rate: i % 2 === 0 ? 0.04 : 0.0 }), { blocks: 8 })
    const held = verdicts.findIndex(({ kind }) => kind === 'hold')
    if (held >= 0 && held + 1 < weights.length) expect(weights[held + 1]).toBe(weights[held])
    expect(held).toBeGreaterThanOrEqual(0)
  })
})
