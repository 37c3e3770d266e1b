import { describe, expect, test } from '@jest/globals'
import { measureAll } from './crew.ts'
import { tasksOf, type Row, type Size } from './goals.ts'
import { progressOn } from './progress.ts'

const size: Size = { seed: 3, rollouts: 1, peerRollouts: 0, only: ['proof'], extra: [], alone: false }

async function measured(threads: number): Promise<{ rows: readonly Row[]; told: Row[]; shares: number[] }> {
  const [told, shares]: [Row[], number[]] = [[], []]
  const rows = await measureAll(size, threads, {
    row: (row) => told.push(row),
    progress: (done) => shares.push(done),
  })
  return { rows, told, shares }
}

describe('the crew', () => {
  test('measures the same rows in the same order, however many share the work', async () => {
    const alone = tasksOf(size).flatMap((task) => task.measure())
    const [one, three] = [await measured(1), await measured(3)]
    expect(one.rows).toEqual(alone)
    expect(three.rows).toEqual(alone)
    expect(three.told).toEqual(alone)
    expect(three.shares.at(-1)).toBeCloseTo(1, 12)
    expect(three.shares).toEqual([...three.shares].sort((a, b) => a - b))
  }, 60_000)

  test('says what a task stumbles over', async () => {
    const broken = { ...size, only: ['proof' as const], seed: 1n as unknown as number }
    await expect(measureAll(broken, 1, { row: () => null, progress: () => null })).rejects.toThrow('BigInt')
  }, 60_000)
})

describe('progress', () => {
  test('off a terminal is a line each half minute and one at the end', () => {
    const written: string[] = []
    let now = 0
    const progress = progressOn({ write: (text) => written.push(text) }, () => now)
    for (let i = 1; i <= 10; i += 1) {
      now = 10_000 * i
      progress(i / 10)
    }
    expect(written).toEqual([
      '10 % measured, about 2 min left\n',
      '40 % measured, about 60 s left\n',
      '70 % measured, about 30 s left\n',
      '100 % measured, nothing left\n',
    ])
  })
})
