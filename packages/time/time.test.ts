import { describe, expect, test } from '@jest/globals'
import { Failure } from '@alt-las/failure'
import { fakeClock } from '@alt-las/testing'
import { formatDuration, parseDuration, retry, until } from './index.ts'

describe('durations', () => {
  test.each([
    ['90s', 90_000],
    ['5m', 300_000],
    ['1h30m', 5_400_000],
    ['250ms', 250],
    ['1.5s', 1500],
    ['0s', 0],
  ])('%s is %d ms', (text, ms) => {
    expect(parseDuration(text)).toBe(ms)
  })

  test.each(['', '5', 'm', '5 m', '-3s', '1d', 's5', '1m1h'])('%j is not a duration', (text) => {
    expect(parseDuration(text)).toBeNull()
  })

  test.each([
    [850, '850ms'],
    [12_340, '12.3s'],
    [12_000, '12s'],
    [59_999, '1m00s'],
    [245_000, '4m05s'],
    [3_720_000, '1h02m'],
  ])('%d ms reads %s', (ms, text) => {
    expect(formatDuration(ms)).toBe(text)
  })
})

describe('retry', () => {
  const transient = () => ({ isTransient: true })
  const options = { what: 'pull x', attempts: 3, classify: transient, random: () => 1 }

  test('tries again what is transient, with doubling pauses', async () => {
    const clock = fakeClock()
    let calls = 0
    const work = () => (++calls < 3 ? Promise.reject(new Error('reset')) : Promise.resolve('done'))
    await expect(retry(work, options, clock)).resolves.toBe('done')
    expect(clock.slept).toEqual([500, 1000])
  })

  test('says the number of tries and the last error', async () => {
    const work = () => Promise.reject(new Error('reset'))
    await expect(retry(work, options, fakeClock())).rejects.toThrow('pull x failed after 3 tries: reset')
  })

  test('never repeats what is final', async () => {
    let calls = 0
    const work = () => (calls++, Promise.reject(new Failure('denied', 'no', { fault: 'outside' })))
    await expect(
      retry(work, { ...options, classify: () => ({ isTransient: false }) }, fakeClock()),
    ).rejects.toThrow('no')
    expect(calls).toBe(1)
  })

  test('waits at least as long as the server asked, and not past the deadline', async () => {
    const clock = fakeClock()
    const work = () => Promise.reject(new Error('429'))
    const asked = { ...options, deadlineMs: 8000, classify: () => ({ isTransient: true, afterMs: 5000 }) }
    await expect(retry(work, asked, clock)).rejects.toThrow('after 2 tries')
    expect(clock.slept).toEqual([5000])
  })
})

describe('without a classifier of the caller', () => {
  const options = { what: 'ask', attempts: 2, random: () => 1 }
  const tries = async (error: unknown) => {
    const clock = fakeClock()
    await retry(() => Promise.reject(error as Error), options, clock).catch(() => undefined)
    return clock.slept
  }

  test('the list decides, and a Retry-After is kept', async () => {
    const busy = { fault: 'outside', transient: true, retryAfterMs: 7000 } as const
    expect(await tries(new Failure('busy', 'no', busy))).toEqual([7000])
    expect(await tries(new Failure('denied', 'no', { fault: 'outside' }))).toEqual([])
  })
})

describe('until', () => {
  test('names what it waited for at the deadline', async () => {
    const wait = until(() => Promise.resolve(null), { what: 'the moon', timeoutMs: 3000 }, fakeClock())
    await expect(wait).rejects.toThrow('waited 3s for the moon')
  })
})
