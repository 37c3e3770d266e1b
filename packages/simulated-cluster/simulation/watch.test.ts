import { expect, test } from '@jest/globals'
import { simulate } from './simulation.ts'

test('a watch to which nothing is told gives a sign of life within a minute, again and again', async () => {
  const { cluster, clock } = simulate()
  const stop = new AbortController()
  const heard: number[] = []
  const listening = (async () => {
    for await (const { type } of cluster.watch({ apiVersion: 'v1', kind: 'Secret' }, stop.signal))
      if (type === 'alive') heard.push(clock.elapsed())
  })()
  while (clock.elapsed() < 180_000) await clock.sleep(500)
  stop.abort()
  await listening
  expect(heard).toEqual([0, 45_000, 90_000, 135_000, 180_000])
})
