import { describe, expect, test } from '@jest/globals'
import type { Interval } from '../../read/course.ts'
import { courseChart, type ChartLabels } from './course-chart.ts'
import { duration, moments, powerOfTen, powers, roundUp } from './scale.ts'

const labels: ChartLabels = {
  service: 'web',
  verdict: 'promoted',
  names: { canary: 'canary', stable: 'stable' },
  limit: 100,
  id: 0,
}
const draw = (course: readonly Interval[], overrides: Partial<ChartLabels> = {}): string =>
  courseChart(course, { ...labels, ...overrides }).markup

const stretch = (i: number, overrides: Partial<Interval> = {}): Interval => ({
  fromMs: 5000 * i,
  toMs: 5000 * (i + 1),
  weightPercent: 10,
  canary: { requests: 10, errors: 0, p95Ms: 200 },
  stable: { requests: 90, errors: 0, p95Ms: 180 },
  value: 1,
  ...overrides,
})
const silent = { requests: 0, errors: 0, p95Ms: null }
const names = (svg: string) => [...svg.matchAll(/class="name"[^>]*>\s*([^<]*?)\s*</g)].map(([, name]) => name)

/** Every place that is drawn lies on the picture. */
function places(svg: string): readonly number[] {
  const paths = [...svg.matchAll(/ d="([^"]*)"/g)].flatMap(([, path]) => path?.match(/-?[\d.]+/g) ?? [])
  const others = [...svg.matchAll(/ (?:x|y|cx|cy|width|height)="([^"]*)"/g)].map(([, value]) => value)
  return [...paths, ...others].map(Number)
}

const failing = [stretch(0), stretch(1, { canary: { requests: 10, errors: 4, p95Ms: 220 }, value: 240 })]

describe('the picture of a rollout on the page', () => {
  test('has weight, failures, latency and evidence one above the other', () => {
    const svg = draw([stretch(0), stretch(1, { weightPercent: 50 })])
    expect(names(svg)).toEqual([
      'traffic on canary',
      'failed requests',
      '95 % answered within',
      'evidence against canary',
    ])
    expect(svg).toContain('50% at the end')
    expect(svg).not.toContain('rolled back')
  })

  test('calls the two versions as blue-green does', () => {
    const svg = draw([stretch(0), stretch(1)], { names: { canary: 'green', stable: 'blue' } })
    expect(names(svg)).toContain('evidence against green')
    expect(svg).toMatch(/green: \d+ of/)
    expect(svg).toMatch(/blue: \d+ of/)
    expect(svg).not.toMatch(/(canary|stable):? \d/)
  })

  test('says when there was evidence enough', () => {
    const svg = draw(failing, { verdict: 'rolled-back' })
    expect(svg).toMatch(/class="limit"[^>]*>\s*rolled back/)
    expect(svg).toContain('240; rollback at 100')
    expect(svg).toContain('10% throughout')
    expect(draw(failing, { verdict: 'halted' })).toMatch(/class="limit"[^>]*>\s*limit reached/)
  })

  test('of a rollout that was rolled back for another cause says so at its end', () => {
    expect(draw([stretch(0), stretch(1)], { verdict: 'rolled-back' })).toMatch(
      /class="limit"\s+d="M510.0[^>]*>\s*<text[^>]*>\s*rolled back/,
    )
  })

  test('describes itself for screen readers', () => {
    const svg = draw(failing, { verdict: 'rolled-back', id: 3 })
    expect(svg).toMatch(/role="img"\s+aria-labelledby="course-3-title course-3-text"/)
    expect(svg).toContain('<title id="course-3-title">The rollout of web over time</title>')
    expect(svg).toMatch(/<desc id="course-3-text"\s*>[^<]*evidence 240, limit 100; rolled-back\./)
  })

  test('shows no latency where none is known, and one version where only that is known', () => {
    const unknown = { canary: { ...silent, requests: 10 }, stable: { ...silent, requests: 10 } }
    expect(names(draw([stretch(0, unknown)]))).not.toContain('95 % answered within')
    const svg = draw([stretch(0, { canary: unknown.canary })])
    expect(svg).toContain('canary unknown')
    expect(svg).toMatch(/stable\s+180 ms/)
  })

  test('draws no failures of a version without requests', () => {
    const svg = draw([stretch(0, { canary: silent })])
    expect(svg).toContain('canary no requests')
  })

  test('escapes every name', () => {
    const svg = draw(failing, { service: '</title><script>"\'&', verdict: '<b>' })
    expect(svg).not.toMatch(/<script|<b>/)
    expect(svg).toContain('&lt;/title&gt;&lt;script&gt;&quot;&#39;&amp;')
  })

  test('is nothing of nothing', () => {
    expect(draw([])).toBe('')
  })

  test.each<[string, readonly Interval[], number | null]>([
    ['one stretch', [stretch(0)], 100],
    ['no traffic at all', [stretch(0, { canary: silent, stable: silent })], 100],
    ['evidence of 1e30', [stretch(0, { value: 0.02 }), stretch(1, { value: 1e30 })], 100],
    ['the greatest evidence', [stretch(0, { value: Number.MAX_VALUE })], 1e300],
    ['no limit', failing, null],
    ['a limit below one', failing, 0.5],
    ['a tiny latency', [stretch(0, { canary: { requests: 1, errors: 0, p95Ms: 1e-7 } })], 100],
    ['the longest latency', [stretch(0, { canary: { requests: 1, errors: 0, p95Ms: 1e300 } })], 100],
    ['a year', [stretch(0, { toMs: 365 * 86_400_000 })], 100],
    ['many stretches', Array.from({ length: 60 }, (_, i) => stretch(i, { weightPercent: i })), 100],
  ])('of %s stays on the page, and is small', (_, course, limit) => {
    const svg = draw(course, { limit })
    expect(svg).not.toMatch(/NaN|Infinity|undefined|null/)
    for (const place of places(svg)) {
      expect(place).toBeGreaterThanOrEqual(0)
      expect(place).toBeLessThanOrEqual(560)
    }
    expect(svg.length).toBeLessThan(60_000)
  })
})

describe('the axes', () => {
  test('of time have two to seven labels, at moments that a clock shows', () => {
    for (const lasted of [1000, 5000, 20_000, 130_000, 2_700_000, 86_400_000])
      expect([2, 3, 4, 5, 6, 7]).toContain(moments(lasted).length)
    expect(moments(130_000)).toEqual([0, 30_000, 60_000, 90_000, 120_000])
  })

  test.each([
    [0.3, 0.4],
    [1, 1],
    [9.8, 10],
    [430, 600],
  ])('of %d end at %d', (value, end) => {
    expect(roundUp(value)).toBeCloseTo(end)
  })

  test('of powers of ten have five labels at most', () => {
    expect(powers(-1, 3)).toEqual([-1, 0, 1, 2, 3])
    expect(powers(-3, 301).length).toBeLessThanOrEqual(5)
    expect([-9, -2, 0, 3, 6, 30].map(powerOfTen)).toEqual(['10⁻⁹', '0.01', '1', '1000', '10⁶', '10³⁰'])
  })

  test('say latency in its unit', () => {
    expect([0, 12.34, 999, 1500].map(duration)).toEqual(['0 ms', '12.3 ms', '999 ms', '1.5 s'])
  })
})
