import { describe, expect, test } from '@jest/globals'
import { readCourse } from './course.ts'

const arm = { requests: 10, errors: 1, p95: 0.2 }
const stretch = { from: 0, to: 5000, weight: 10, canary: arm, stable: arm, evidence: 2 }

describe('the course of a rollout in a document', () => {
  test('is read as it is, with latency in milliseconds', () => {
    expect(readCourse([stretch])).toEqual([
      { ...stretch, canary: { ...arm, p95: 200 }, stable: { ...arm, p95: 200 } },
    ])
  })

  test.each<[string, unknown]>([
    ['absent', undefined],
    ['a text', 'course'],
    ['a list of others', [null, 3, 'x', []]],
    ['without a time', [{ ...stretch, from: null }]],
    ['without length', [{ ...stretch, to: 0 }]],
    ['of text', [{ ...stretch, weight: '<b>' }]],
    ['without a version', [{ ...stretch, stable: null }]],
    ['with negative counts', [{ ...stretch, canary: { requests: -1, errors: 0, p95: null } }]],
    ['with more failures than requests', [{ ...stretch, canary: { requests: 1, errors: 2, p95: null } }]],
    ['with negative evidence', [{ ...stretch, evidence: -1 }]],
  ])('that is %s is none', (_, value) => {
    expect(readCourse(value)).toEqual([])
  })

  test('leaves out what goes back in time, and keeps weights within a hundred', () => {
    const course = readCourse([
      { ...stretch, weight: 1e9 },
      { ...stretch, from: 4000, to: 9000 },
      { ...stretch, from: 5000, to: 9000, weight: -3, evidence: 0 },
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
      from: 5000 * i,
      to: 5000 * (i + 1),
    }))
    expect(readCourse(endless)).toHaveLength(240)
  })
})
