import { silentLog } from '@alt-las/testing'
import { describe, expect, test } from '@jest/globals'
import { atOnce, saidOf } from './at-once.ts'
import { scenario } from '../testing/scenario.ts'

describe('several targets', () => {
  test('are worked on side by side, at most eight, and told in their order', async () => {
    let open = 0
    let most = 0
    const results = await atOnce(
      Array.from({ length: 20 }, (_, index) => index),
      async (index) => {
        open += 1
        most = Math.max(most, open)
        for (let i = 0; i < 20 - index; i += 1) await Promise.resolve()
        open -= 1
        return index * 2
      },
    )
    expect(most).toBe(8)
    expect(results.map((one) => (one.status === 'fulfilled' ? one.value : null))).toEqual(
      Array.from({ length: 20 }, (_, index) => index * 2),
    )
  })

  test('one that breaks keeps no other from its end', async () => {
    const results = await atOnce(['a', 'b', 'c'], (name) =>
      name === 'b' ? Promise.reject(new Error('no')) : Promise.resolve(name),
    )
    expect(results.map((one) => one.status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
  })

  test('share one log in which every line names its target', async () => {
    const log = silentLog()
    const { ports } = scenario()
    const own = saidOf('web', 6, { ...ports, log })
    await own.log.chapter('begins', () => Promise.resolve(own.log.line('works')))
    expect(log.lines).toEqual(['web     begins', 'web     works'])
  })
})
