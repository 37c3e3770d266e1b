import { describe, expect, test } from '@jest/globals'
import { pool, type PoolOptions, type PieceVerdict } from './pool.ts'

const scripts: Readonly<Record<string, string>> = {
  good: "console.log('3 played')",
  bad: "console.log('an invariant is broken'); process.exitCode = 1",
  endless: 'setInterval(() => undefined, 1000)',
}

async function played(names: readonly string[], options: Partial<PoolOptions> = {}) {
  const ended: (readonly [name: string, verdict: PieceVerdict])[] = []
  await pool(names, {
    width: 2,
    withinMs: 60_000,
    argumentsOf: (name) => ['-e', scripts[name] ?? ''],
    ended: (name, verdict) => ended.push([name, verdict]),
    ...options,
  })
  return ended
}

describe('the pool', () => {
  test('reports the output of each, and whether it has passed', async () => {
    const ended = new Map(await played(['good', 'bad']))
    expect(ended.get('good')).toMatchObject({ kind: 'passed', output: '3 played' })
    expect(ended.get('bad')).toMatchObject({ kind: 'failed', output: 'an invariant is broken' })
  })

  test('plays all of them, one after the other where it is as narrow', async () => {
    const ended = await played(['good', 'bad', 'good'], { width: 1 })
    expect(ended.map(([name]) => name)).toEqual(['good', 'bad', 'good'])
  })

  test('ends what is not done in time, and begins nothing more', async () => {
    const ended = await played(['endless', 'endless', 'endless', 'endless'], { withinMs: 0 })
    expect(ended.map(([, { kind }]) => kind)).toEqual(Array(4).fill('unfinished'))
  })
})
