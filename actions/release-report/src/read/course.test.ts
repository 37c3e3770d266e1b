import { describe, expect, test } from '@jest/globals'
import { readCourse } from './course.ts'

const arm = { requests: 10, errors: 1, p95Ms: 200 }
const stretch = { fromMs: 0, toMs: 5000, weightPercent: 10, canary: arm, stable: arm, value: 2 }

describe('the course of a rollout in a document', () => {
  test('is read as it is', () => {
    const read = { requests: 10, errors: 1, p95: 200 }
    expect(readCourse([stretch])).toEqual([
      { from: 0, to: 5000, weight: 10, canary: read, stable: read, evidence: 2 },
    ])
  })

  test.each<[string, unknown]>([
    ['absent', undefined],
    ['a text', 'course'],
    ['a list of others', [null, 3, 'x', []]],
    ['without a time', [{ ...stretch, fromMs: null }]],
    ['without length', [{ ...stretch, toMs: 0 }]],
    ['of text', [{ ...stretch, weightPercent: '<b>' }]],
    ['without a version', [{ ...stretch, stable: null }]],
    ['with negative counts', [{ ...stretch, canary: { requests: -1, errors: 0, p95Ms: null } }]],
    ['with more failures than requests', [{ ...stretch, canary: { requests: 1, errors: 2, p95Ms: null } }]],
    ['with negative evidence', [{ ...stretch, value: -1 }]],
  ])('that is %s is none', (_, value) => {
    expect(readCourse(value)).toEqual([])
  })

  test('leaves out what goes back in time, and keeps weights within a hundred', () => {
    const course = readCourse([
      { ...stretch, weightPercent: 1e9 },
      { ...stretch, fromMs: 4000, toMs: 9000 },
      { ...stretch, fromMs: 5000, toMs: 9000, weightPercent: -3, value: 0 },
    ])
    expect(course.map(({ from, weight }) => [from, weight])).toEqual([
      [0, 100],
      [5000, 0],
    ])
    expect(Math.log10(course[1]?.evidence ?? 0)).toBeCloseTo(-9)
  })

  test('is bounded', () => {
    const endless = Array.from({ length: 9999 }, (_, i) => ({
      ...stretch,
      fromMs: 5000 * i,
      toMs: 5000 * (i + 1),
    }))
    expect(readCourse(endless)).toHaveLength(240)
  })
})
