import { describe, expect, test } from '@jest/globals'
import { rolloutTarget } from '@alt-las/testing'
import { type Interval, drawable } from './course.ts'

const traffic = { requests: 10, errors: 1, p95Ms: 200 }
const interval: Interval = {
  fromMs: 0,
  toMs: 5000,
  weightPercent: 10,
  canary: traffic,
  stable: traffic,
  value: 2,
}
const target = (course: readonly Interval[]) =>
  rolloutTarget({ judgement: { value: 1, limit: 100, because: '', steps: [], course } })

describe('the course of a rollout', () => {
  test('is drawn as the document has it', () => {
    expect(drawable(target([interval]))).toEqual([interval])
  })

  test('is empty for a target that was not judged', () => {
    expect(drawable(rolloutTarget())).toEqual([])
    expect(drawable(undefined)).toEqual([])
  })

  test.each<[string, Partial<Interval>]>([
    ['without length', { toMs: 0 }],
    ['with more errors than requests', { canary: { requests: 1, errors: 2, p95Ms: null } }],
    ['with a negative value', { value: -1 }],
  ])('leaves out an interval %s', (_, change) => {
    expect(drawable(target([{ ...interval, ...change }]))).toEqual([])
  })

  test('leaves out what goes back in time, and draws a value of 0 on a log scale', () => {
    const course = drawable(
      target([
        interval,
        { ...interval, fromMs: 4000, toMs: 9000 },
        { ...interval, fromMs: 5000, toMs: 9000, value: 0 },
      ]),
    )
    expect(course.map(({ fromMs, value }) => [fromMs, value])).toEqual([
      [0, 2],
      [5000, 1e-9],
    ])
  })

  test('is cut where it is longer than any rollout keeps', () => {
    const many = Array.from({ length: 1000 }, (_, i) => ({
      ...interval,
      fromMs: 5000 * i,
      toMs: 5000 * (i + 1),
    }))
    expect(drawable(target(many))).toHaveLength(240)
  })
})
