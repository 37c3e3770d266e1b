import { describe, expect, test } from '@jest/globals'
import { readable } from './duration.ts'
import { logTo } from './log.ts'
import type { Clock } from './log.ts'
import { until } from './until.ts'

const fakeClock = (): Clock & { time: number } => ({
  time: 0,
  now() {
    return this.time
  },
  sleep(milliseconds) {
    this.time += milliseconds
    return Promise.resolve()
  },
})

describe('waiting', () => {
  test('ends at the first yes', async () => {
    let asked = 0
    await until({ what: 'a part', seconds: 5 }, () => Promise.resolve(++asked === 3), fakeClock())
    expect(asked).toBe(3)
  })

  test('gives up at its deadline and names what it waited for', async () => {
    const never = until({ what: 'etcd', seconds: 2 }, () => Promise.resolve(false), fakeClock())
    await expect(never).rejects.toThrow('etcd: not there after 2s')
  })
})

test.each([
  [400, '0.4s'],
  [12_300, '12s'],
  [80_000, '1m20s'],
  [3_900_000, '1h05m'],
])('%d milliseconds read as %s', (milliseconds, expected) => {
  expect(readable(milliseconds)).toBe(expected)
})

test('every line of the log carries the time since the beginning', () => {
  const logged: string[] = []
  const clock = fakeClock()
  const log = logTo((line) => logged.push(line), clock)
  clock.time = 1500
  log('one\ntwo')
  expect(logged).toEqual(['[   1.5s] one\n', '[   1.5s] two\n'])
})
