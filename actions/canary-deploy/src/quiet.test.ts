import { type Rollout, type Visits, isBeingJudged, parseSteps } from '@alt-las/rollout'
import { describe, expect, test } from '@jest/globals'
import type { ApiTest } from '@alt-las/api-tests'
import { v2 } from '../../../packages/rollout/testing/manifests.ts'
import type { Given } from './given.ts'
import { always } from './plan/parse-soak-time.ts'
import { type Habits, type Scenario, scenario } from './testing/scenario.ts'

const minute = 60_000
const auto: Partial<Given> = {
  image: v2,
  release: 'r2',
  steps: parseSteps('auto'),
  bake: { ms: 5 * minute, quietMs: 30_000 },
  rollbackWindow: { ms: 10 * minute, quietMs: 30_000 },
  maxDuration: 45 * minute,
}

const smoke: readonly ApiTest[] = [
  {
    name: 'it answers',
    request: { method: 'GET', path: '/', headers: {}, body: null },
    expect: { status: ['2xx'], headers: {}, json: {}, schema: null, latencyMs: null },
    capture: {},
    eventuallyMs: 0,
    loadWeight: 0,
  },
]

const syntheticRequests = [{ url: 'https://shop.example/', rate: null }]

/** What a second release does at this rate of requests, and its lines without their times. */
async function releasedAt(rps: number, overrides: Partial<Given> = {}, habits: Habits = {}) {
  const here = scenario(habits)
  await here.run({})
  const before = here.log.lines.length
  here.rps = rps
  const begun = here.clock.elapsed()
  const outcome = await here.run({ ...auto, ...overrides }, {}, { visits: () => visitors(here) })
  const lines = here.log.lines.slice(before).map((line) => line.replace(/^ *\S+ {2}/, ''))
  const [target] = outcome.targets
  return { here, target, outcome, lines, tookMs: here.clock.elapsed() - begun }
}

/** Synthetic requests that the gateway counts. */
function visitors(here: Scenario): Visits {
  const own = here.rps
  return {
    follow: (rollout: Rollout) => {
      here.rps = own + (isBeingJudged(rollout) ? (rollout.judgement.quiet?.rate ?? 0) : 0)
    },
    reach: () => Promise.resolve(null),
    over: () => Promise.resolve(null),
  }
}

describe('a quiet service', () => {
  test('by its API tests, its health and time: healthy in five minutes, and the verdict says so', async () => {
    const { here, target, tookMs, lines } = await releasedAt(0, { smoke })
    expect(target?.verdict).toBe('promoted')
    expect(tookMs).toBeLessThan(5 * minute)
    expect(target?.because).toContain('was not judged by traffic; its API tests passed')
    expect(target?.rollout?.judgement.quiet?.taken).toBe('smoke')
    expect(target?.rollout?.judgement.steps.map(({ weight }) => weight)).toEqual([5, 25, 50, 100])
    expect(lines.filter((line) => line.includes('foresees'))).toHaveLength(1)
    expect(here.violations).toEqual([])
  })

  test('by synthetic requests: healthy in five minutes, proven', async () => {
    const { here, target, tookMs } = await releasedAt(0, { smoke, syntheticRequests })
    expect(target?.verdict).toBe('promoted')
    expect(tookMs).toBeLessThan(5 * minute)
    expect(target?.because).toContain('canary fails 0 % of requests')
    expect(target?.rollout?.judgement.quiet).toMatchObject({ taken: 'synthetic', rate: 25 })
    expect(here.violations).toEqual([])
  })

  test('a version that fails is refused by synthetic requests', async () => {
    const { here, target, tookMs } = await releasedAt(0, { syntheticRequests }, { errors: { [v2]: 1 } })
    expect(target?.verdict).toBe('rolled-back')
    expect(tookMs).toBeLessThan(3 * minute)
    expect(target?.because).toContain('canary fails 100 % of requests')
    expect(here.shares()).toEqual([0])
  })

  test('a version that fails its API tests is refused before the first user', async () => {
    const { target, tookMs } = await releasedAt(0, { smoke }, { tests: { [v2]: 'refused' } })
    expect(target?.verdict).toBe('rolled-back')
    expect(tookMs).toBeLessThan(2 * minute)
    expect(target?.rollout?.judgement.steps).toEqual([])
  })

  test('what traffic there is still judges a version that goes on by time', async () => {
    const { target } = await releasedAt(0.4, { smoke }, { errors: { [v2]: 1 } })
    expect(target?.rollout?.judgement.quiet?.taken).toBe('smoke')
    expect(target?.verdict).toBe('rolled-back')
    expect(target?.because).toContain('canary fails 100 % of requests')
  })

  test('without API tests and addresses it ends at once, with the figures and the remedy', async () => {
    const { target, tookMs } = await releasedAt(0.1)
    expect(target?.verdict).toBe('rolled-back')
    expect(tookMs).toBeLessThan(minute)
    expect(target?.because).toContain('stable had 0.1 requests a second in the last')
    expect(target?.because).toContain('on-quiet ends it before the first user')
    expect(target?.because).toContain('give API tests in `smoke`')
    expect(target?.rollout?.judgement.steps).toEqual([])
  })

  test('of blue-green goes on by its API tests, and not by synthetic requests', async () => {
    const { target, tookMs } = await releasedAt(0, {
      ...{ smoke, syntheticRequests, strategy: 'blue-green', router: 'auto' },
    })
    expect(target?.verdict).toBe('promoted')
    expect(tookMs).toBeLessThan(5 * minute)
    expect(target?.rollout?.judgement.quiet?.taken).toBe('smoke')
    expect(target?.because).toContain('green was not judged by traffic')
  })

  const kept = { bake: always(5 * minute), rollbackWindow: always(10 * minute) }

  test.each([
    ['smoke', { smoke }],
    ['synthetic', { syntheticRequests }],
  ] as const)('keeps the old version by %s as long as the inputs insist', async (taken, way) => {
    const usual = await releasedAt(0, way)
    const { target, tookMs } = await releasedAt(0, { ...way, ...kept })
    expect(target?.verdict).toBe('promoted')
    expect(tookMs).toBeGreaterThan(usual.tookMs + 13 * minute)
    expect(target?.rollout?.judgement.quiet?.taken).toBe(taken)
    expect(target?.rollout?.judgement.quiet?.because).toContain('with bake 5m00s and rollback-window 10m00s')
    expect(usual.target?.rollout?.judgement.quiet?.because).toContain(
      'with bake 30s in place of 5m00s and rollback-window 30s in place of 10m00s',
    )
  })

  test('of blue-green is watched after the switch as long as the inputs insist', async () => {
    const green = { smoke, strategy: 'blue-green', router: 'auto' } as const
    const usual = await releasedAt(0, green)
    const { target, tookMs } = await releasedAt(0, { ...green, ...kept })
    expect(tookMs).toBeGreaterThan(usual.tookMs + 7 * minute)
    expect(usual.target?.rollout?.judgement.quiet?.because).toContain('with 2m00s after the switch')
    expect(target?.rollout?.judgement.quiet?.because).toContain('with 10m00s after the switch')
  })

  test('has no synthetic requests where a bake that is insisted on does not fit max-duration', async () => {
    const { target } = await releasedAt(0, { syntheticRequests, bake: always(44 * minute) })
    expect(target?.rollout?.judgement.quiet?.because).toContain('not even 50 requests a second')
  })

  test('a busy one takes no other way', async () => {
    const plain = await releasedAt(100)
    const offered = await releasedAt(100, { smoke, syntheticRequests })
    expect(offered.target?.rollout?.judgement).toEqual(plain.target?.rollout?.judgement)
    expect(offered.target?.rollout?.judgement.quiet).toBeUndefined()
  })
})

describe('the log of a rollout', () => {
  test.each([0, 0.1, 5])('at %d requests a second says nothing twice, and is short', async (rps) => {
    const { lines } = await releasedAt(rps, { onUndecided: 'pause' })
    expect(lines.filter((line, index) => lines.indexOf(line) < index)).toEqual([])
    expect(lines.length).toBeLessThan(80)
    expect(lines.filter((line) => line.includes('foresees'))).toHaveLength(1)
  })

  test('of a waiting step says what for, how many of how many, at what rate and until when', async () => {
    const { lines } = await releasedAt(5)
    expect(lines.join('\n')).toMatch(
      /measures; step \d+: \d+ of some \d+ requests to the canary for the proof, at [\d.]+\/s until about \d\d:\d\d UTC/,
    )
  })

  test('of a healthy, busy rollout is a page', async () => {
    const { target, lines } = await releasedAt(100)
    expect(target?.verdict).toBe('promoted')
    expect(lines.length).toBeLessThan(70)
  })
})
