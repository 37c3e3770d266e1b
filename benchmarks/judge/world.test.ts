import { describe, expect, test } from '@jest/globals'
import { leastRequests } from './bound.ts'
import { higher } from './mann-whitney.ts'
import { ours } from './ours.ts'
import { argo, flagger, kayenta, zTest } from './peers.ts'
import { binomial, gamma, normal, poisson, randomOf, type Random } from './random.ts'
import { rollOut } from './rollout.ts'
import type { Scenario } from './scenario.ts'
import { watched } from './watched.ts'
import { world } from './world.ts'

const healthy: Scenario = { name: 'healthy', truth: 'healthy', rps: 50, base: 0.001 }

describe('the random numbers', () => {
  test.each<[string, (random: Random) => number, number, number]>([
    ['uniform', (random) => random(), 0.5, 1 / 12],
    ['normal', normal, 0, 1],
    ['gamma of shape 0.5', (random) => gamma(random, 0.5), 1, 2],
    ['gamma of shape 8', (random) => gamma(random, 8), 1, 1 / 8],
    ['poisson of 3', (random) => poisson(random, 3), 3, 3],
    ['poisson of 200', (random) => poisson(random, 200), 200, 200],
    ['binomial of 20, 0.1', (random) => binomial(random, 20, 0.1), 2, 1.8],
    ['binomial of 500, 0.3', (random) => binomial(random, 500, 0.3), 150, 105],
    ['binomial of 2500, 0.999', (random) => binomial(random, 2500, 0.999), 2497.5, 2.4975],
  ])('%s have the mean and the variance that they should have', (_name, draw, mean, variance) => {
    const random = randomOf(1)
    const values = Array.from({ length: 40_000 }, () => draw(random))
    const seen = values.reduce((sum, value) => sum + value, 0) / values.length
    const spread = values.reduce((sum, value) => sum + (value - seen) ** 2, 0) / values.length
    expect(Math.abs(seen - mean)).toBeLessThan(4.5 * Math.sqrt(variance / values.length))
    expect(Math.abs(spread / variance - 1)).toBeLessThan(0.08)
  })

  test('are the same for the same seeds, and others for others', () => {
    const draw = (...seeds: readonly number[]) => Array.from({ length: 5 }, randomOf(...seeds))
    expect(draw(1, 2)).toEqual(draw(1, 2))
    expect(draw(1, 2)).not.toEqual(draw(2, 1))
    expect(draw(1, 2)).not.toEqual(draw(1, 3))
  })
})

describe('a world', () => {
  test('has the same traffic for every weight, of which the canary gets its part', () => {
    const [one, other] = [world(healthy, 1, 2), world(healthy, 1, 2)]
    for (let i = 0; i < 20; i += 1) {
      const [a, b] = [one.next(0.1), other.next(0.5)]
      expect(a.canary.requests + a.stable.requests).toBe(b.canary.requests + b.stable.requests)
      expect(a.canary.requests).toBeLessThan(b.canary.requests)
    }
  })

  test('loses no request to misaligned scrapes, but those that are not scraped yet', () => {
    const here = world({ ...healthy, misaligned: 3 }, 1, 1)
    const blocks = Array.from({ length: 200 }, () => here.next(0.2))
    const total = blocks.reduce((sum, { canary, stable }) => sum + canary.requests + stable.requests, 0)
    expect(total).toBe(here.requests())
    expect(total).toBeGreaterThan(200 * 5 * 50 * 0.96)
  })

  test('counts what a hung canary never answers as failed', () => {
    const here = world({ ...healthy, canary: [{ answers: 0 }] }, 1, 1)
    expect(here.next(0.5).canary.requests).toBe(0)
    expect(here.failed()).toBeGreaterThan(80)
  })

  test('begins what comes after the switch no sooner than that', () => {
    const here = world({ ...healthy, base: 0, afterSwitch: { at: 10, canary: [{ errors: 1 }] } }, 1, 1)
    here.next(0.5)
    expect(here.switched()).toBe(15)
    expect([here.next(1), here.next(1), here.next(1)].map(({ canary }) => canary.errors > 0)).toEqual([
      false,
      false,
      true,
    ])
    expect(here.next(0.5).stable.errors).toBe(0)
  })

  test('joins the blocks of a lost scrape', () => {
    const here = world({ ...healthy, gaps: 1 }, 1, 1)
    const [first, second] = [here.next(0.1), here.next(0.1)]
    expect([first.from, first.to, second.from, second.to]).toEqual([0, 10_000, 10_000, 20_000])
  })
})

describe('the whole rollout', () => {
  const rollOutLate = (more: Partial<Scenario>) => rollOut({ ...healthy, ...more }, watched, [1, 1])

  test('goes back from a fault in the window, and not from an incident of both', () => {
    const fault = rollOutLate({ truth: 'bad', afterSwitch: { at: 60, canary: [{ errors: 0.05 }] } })
    expect({ kind: fault.kind, compared: fault.compared }).toEqual({ kind: 'rolled-back', compared: 1 })
    expect(fault.sinceFault).toBeLessThan(120)
    const incident = rollOutLate({
      afterSwitch: { at: 60, incidents: [{ from: 0, lasts: 60, errors: 0.3 }] },
    })
    expect(incident.kind).toBe('promoted')
    expect(incident.compared).toBeGreaterThan(0)
  })

  test('finds a fault that begins 400 s after the start, and never compares a calm version', () => {
    const late = rollOutLate({ truth: 'bad', rps: 500, canary: [{ from: 400, errors: 0.05 }] })
    expect(late.kind).toBe('rolled-back')
    const calm = rollOutLate({})
    expect({ kind: calm.kind, compared: calm.compared }).toEqual({ kind: 'promoted', compared: 0 })
  })
})

describe('the rules', () => {
  const dead: Scenario = { name: 'dead', truth: 'bad', rps: 500, base: 0.001, canary: [{ errors: 1 }] }

  test.each([
    ['ours', ours, 10],
    ['flagger', flagger, 660],
    ['argo', argo, 1200],
    ['kayenta', kayenta, 250],
    ['z-test', zTest, 5],
  ] as const)('%s finds a canary that always fails after about %d s', (_name, rule, seconds) => {
    const ending = rollOut(dead, rule, [1, 1])
    expect(ending.kind).toBe('rolled-back')
    expect(Math.abs(ending.seconds - seconds)).toBeLessThanOrEqual(10)
  })

  test.each([
    ['ours', ours],
    ['flagger', flagger],
    ['argo', argo],
    ['kayenta', kayenta],
  ] as const)('%s promotes a healthy one', (_name, rule) => {
    expect(rollOut(healthy, rule, [1, 1]).kind).toBe('promoted')
  })
})

describe('the yardsticks', () => {
  test("Wald's bound falls with the distance, and is infinite for a canary that is within the margin", () => {
    const bound = (canary: number) =>
      leastRequests({ canary, stable: 0.001, weight: 0.1 }, { risk: 0.01, margin: 1.2 })
    expect(bound(0.002)).toBeGreaterThan(bound(0.01))
    expect(bound(0.0012)).toBeGreaterThan(1e12)
    // A canary that always fails, against a null of p <= 1 at both: w ln(1/1.2p) + (1-w) kl, by hand.
    expect(bound(1)).toBeGreaterThan(5)
    expect(bound(1)).toBeLessThan(20)
  })

  test('the Mann-Whitney rule sees a shift that is larger than its noise, and no other', () => {
    const random = randomOf(3)
    const values = (shift: number) => Array.from({ length: 50 }, () => shift + normal(random))
    expect(higher(values(3), values(0))).toBe(true)
    expect(higher(values(0), values(0))).toBe(false)
    expect(higher(values(0), values(3))).toBe(false)
  })
})
