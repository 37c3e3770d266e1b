import type { Block } from '@alt-las/judge'
import { describe, expect, it } from '@jest/globals'
import type { Course } from '../model/judgement.ts'
import { addStretch } from './course.ts'

const block = (i: number, errors = 0): Block => ({
  from: i * 5000,
  to: (i + 1) * 5000,
  weight: 0.1,
  canary: { requests: 10, errors, latency: { bounds: [0.1, 0.2], counts: [5, 4, 1] } },
  stable: { requests: 90, errors: 1 },
})
const play = (blocks: number, errors: (i: number) => number = () => 0): Course =>
  Array.from({ length: blocks }).reduce<Course>(
    (course, _, i) => addStretch(course, block(i, errors(i)), { weight: 10, evidence: i === 3 ? 40 : 1 }),
    [],
  )

describe('the course of a rollout', () => {
  it('keeps every request and the highest evidence, however long it lasts, within sixty stretches', () => {
    for (const blocks of [1, 60, 61, 500]) {
      const course = play(blocks)
      expect(course.length).toBeLessThanOrEqual(60)
      expect(course.reduce((sum, { canary }) => sum + canary.requests, 0)).toBe(10 * blocks)
      expect(course.reduce((sum, { stable }) => sum + stable.errors, 0)).toBe(blocks)
      if (blocks > 3) expect(Math.max(...course.map(({ evidence }) => evidence))).toBe(40)
      expect(course[0]?.from).toBe(0)
      expect(course.at(-1)?.to).toBe(blocks * 5000)
    }
  })

  it('joins on to the next without a gap', () => {
    const course = play(333)
    course.slice(1).forEach(({ from }, i) => {
      expect(from).toBe(course[i]?.to)
    })
  })

  it('estimates the 95th percentile within its bucket, and says the last bound for what lies above it', () => {
    expect(play(1)[0]?.canary.p95).toBe(0.2)
    const fast = {
      ...block(0),
      canary: { requests: 100, errors: 0, latency: { bounds: [0.1, 0.2], counts: [90, 10, 0] } },
    }
    expect(addStretch([], fast, { weight: 1, evidence: 1 })[0]?.canary.p95).toBe(0.15)
    expect(play(1)[0]?.stable.p95).toBeNull()
  })

  it('shows the beginning as finely as the end, and every weight that was set', () => {
    const course = Array.from({ length: 540 }).reduce<Course>(
      (all, _, i) => addStretch(all, block(i), { weight: 5 + 5 * Math.floor(i / 100), evidence: 1 }),
      [],
    )
    const lasted = course.map(({ from, to }) => to - from)
    expect(Math.max(...lasted)).toBeLessThanOrEqual((3 * 540 * 5000) / 60)
    expect(course[0]?.weight).toBe(5)
    for (const [i, { weight, to }] of course.entries())
      if (weight !== course[i + 1]?.weight && i < course.length - 1) expect((to / 5000) % 100).toBe(0)
  })
})
