import { toMarkdown } from '@alt-las/outcome'
import type { Course, Stretch } from '@alt-las/rollout'
import { describe, expect, test } from '@jest/globals'
import { courseOf, inSteps } from '../testing/courses.ts'
import { type Drawn, pictureBlocks } from './picture.ts'

const canary: Drawn = { limit: 100, rolledBack: false, strategy: 'canary' }
const draw = (course: Course, drawn: Partial<Drawn> = {}): string =>
  toMarkdown({ title: 'x', blocks: pictureBlocks(course, { ...canary, ...drawn }) })
const titles = (page: string) => [...page.matchAll(/ {2}title "(.*)"/g)].map(([, title]) => title)
const line = (page: string, name: string): readonly number[] =>
  JSON.parse(new RegExp(`line "${name}" (\\[.*\\])`).exec(page)?.[1] ?? 'null') as readonly number[]

const stretch = (i: number, overrides: Partial<Stretch> = {}): Stretch => ({
  from: 5000 * i,
  to: 5000 * (i + 1),
  weight: 10,
  canary: { requests: 10, errors: 0, p95: null },
  stable: { requests: 90, errors: 0, p95: null },
  evidence: 1,
  ...overrides,
})

const healthy = courseOf({ blocks: 26, rps: 200, weight: inSteps, errors: 0.001, slower: 1 })
const failing = courseOf({ blocks: 26, rps: 100, weight: inSteps, errors: 0.05, slower: null })
const slow = courseOf({ blocks: 26, rps: 200, weight: inSteps, errors: 0.001, slower: 1.6 })
const silent = { canary: { requests: 0, errors: 0, p95: null } }

describe('the picture of a rollout', () => {
  test('that was promoted opens with its ramp, and keeps the rest one click away', () => {
    const page = draw(healthy)
    expect(titles(page).map((title) => title?.split(':')[0])).toEqual([
      'percent of the traffic on canary',
      'failed requests in all',
      '95 % answered within, at the end',
      'evidence against canary',
    ])
    expect(page.indexOf('<details><summary>failed requests, latency and evidence over time')).toBeGreaterThan(
      page.indexOf('percent of the traffic'),
    )
    expect([line(page, 'canary')[0], line(page, 'canary').at(-1)]).toEqual([10, 50])
    expect(Math.max(...line(page, 'evidence'))).toBeLessThan(2)
  })

  test('that was rolled back for its errors opens with them, and crosses the limit at the end', () => {
    const page = draw(failing, { rolledBack: true })
    expect(titles(page)).toEqual([
      'failed requests in all: canary (orange) 4 %, stable (blue) 0.28 %',
      'evidence against canary: 121; rollback at 100 (red)',
    ])
    expect(page).toContain('10 % of the traffic throughout')
    const evidence = line(page, 'evidence')
    expect(evidence.at(-1)).toBeGreaterThanOrEqual(2)
    expect(Math.max(...evidence.slice(0, -1))).toBeLessThan(2)
    expect(new Set(line(page, 'limit'))).toEqual(new Set([2]))
  })

  test('that was rolled back for its latency opens with that', () => {
    expect(titles(draw(slow, { rolledBack: true }))[0]).toContain('95 % answered within')
  })

  test('of a switch names the versions as the strategy does', () => {
    const page = draw(failing, { rolledBack: true, strategy: 'blue-green' })
    expect(titles(page)[0]).toBe('failed requests in all: green 4 %, blue 0.28 %')
    expect(page).toContain('🟩 green')
  })

  test('of nothing is nothing', () => {
    expect(pictureBlocks([], canary)).toEqual([])
  })

  test('of a version that answered nothing says so, and draws no line for it', () => {
    const page = draw([stretch(0, silent), stretch(1, silent)], { rolledBack: true })
    expect(titles(page)).toContain(
      'failed requests in all: canary (orange) had no requests, stable (blue) 0 %',
    )
    expect(page).not.toContain('line "canary"')
  })

  test('keeps its last value where nothing was answered for a while', () => {
    const failed = { canary: { requests: 10, errors: 2, p95: 0.1 } }
    const page = draw([stretch(0, failed), stretch(1, silent), stretch(2)])
    expect(line(page, 'canary')).toEqual([20, 20, 20, 0])
  })

  test('cuts off what is far beyond the limit, and says it in the title', () => {
    const page = draw([stretch(0, { evidence: 0.02 }), stretch(1, { evidence: 1e30 })], { rolledBack: true })
    expect(titles(page)[0]).toBe('evidence against canary: 1e+30; rollback at 100 (red)')
    expect(line(page, 'evidence')).toEqual([0, -1.699, 5])
    expect(page).toContain('y-axis "powers of ten" -2 --> 5')
  })

  test('keeps a peak that lies between two samples', () => {
    const course = Array.from({ length: 60 }, (_, i) => stretch(i, { evidence: i === 30 ? 90 : 1 }))
    expect(Math.max(...line(draw(course), 'evidence'))).toBeCloseTo(Math.log10(90), 2)
  })

  test.each<[string, Course]>([
    ['a healthy one', healthy],
    ['one that fails', failing],
    ['a slow one', slow],
    ['a single stretch', [stretch(0)]],
    ['a stretch of no length', [stretch(0, { to: 0 })]],
    ['no traffic at all', [stretch(0, { ...silent, stable: silent.canary })]],
    ['evidence of nothing', [stretch(0, { evidence: 0 })]],
    ['huge evidence', [stretch(0, { evidence: Number.MAX_VALUE })]],
    ['a tiny latency', [stretch(0, { canary: { requests: 1, errors: 0, p95: 1e-9 } })]],
    ['a day', Array.from({ length: 60 }, (_, i) => stretch(i * 288, { to: 5000 * 288 * (i + 1) }))],
    ['a gap of an hour', [stretch(0), stretch(720)]],
  ])('of %s is small, and every number of it is one that Mermaid reads', (_, course) => {
    const page = draw(course, { rolledBack: true })
    expect(page).not.toMatch(/NaN|Infinity|undefined|null/)
    expect(page.length).toBeLessThan(6000)
    for (const [, axis] of page.matchAll(/^ {2}[xy]-axis "[a-z ]+" (.*)$/gm))
      expect(axis).toMatch(/^-?\d+(\.\d+)? --> \d+(\.\d+)?$/)
    const lines = [...page.matchAll(/^ {2}line "[a-z]+" \[(.*)\]$/gm)].map(([, values]) =>
      values?.split(', '),
    )
    expect(lines.length).toBeGreaterThan(1)
    for (const values of lines) {
      expect(values?.every((value) => /^-?\d+(\.\d+)?$/.test(value))).toBe(true)
      expect(values?.length).toBe(lines[0]?.length)
      expect(values?.length).toBeLessThanOrEqual(41)
    }
  })
})
