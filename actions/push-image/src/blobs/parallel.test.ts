import { expect, test } from '@jest/globals'
import { inParallel, sieve } from './parallel.ts'

const turn = (): Promise<void> => Promise.resolve()
async function turns(count: number): Promise<void> {
  for (let left = count; left > 0; left -= 1) await turn()
}

/** Counts how many run at the same time. */
function gauge() {
  let running = 0
  let most = 0
  return {
    most: () => most,
    during: async (count: number) => {
      most = Math.max(most, (running += 1))
      await turns(count)
      running -= 1
    },
  }
}

test('every kept item is worked on once, however long asking and working take', async () => {
  const items = Array.from({ length: 60 }, (_, index) => index)
  for (let seed = 1; seed <= 200; seed += 1) {
    const done: number[] = []
    const long = (item: number) => ((item * 7919 + seed * 104_729) % 97) % (seed % 9)
    await sieve(
      items,
      1 + (seed % 5),
      async (item) => {
        await turns(long(item) || 0)
        return (item * seed) % 3 !== 0
      },
      async (item) => {
        await turns(long(item + 31) || 0)
        done.push(item)
      },
    )
    expect(done.toSorted((a, b) => a - b)).toEqual(items.filter((item) => (item * seed) % 3 !== 0))
  }
})

test('asking and working each keep to the width, and go side by side', async () => {
  const [asking, working, all] = [gauge(), gauge(), gauge()]
  await sieve(
    Array.from({ length: 40 }, (_, index) => index),
    3,
    async () => {
      await Promise.all([asking.during(4), all.during(4)])
      return true
    },
    async () => {
      await Promise.all([working.during(9), all.during(9)])
    },
  )
  expect([asking.most(), working.most(), all.most()]).toEqual([3, 3, 6])
})

test('after an error nothing new begins, what runs is awaited, and the first error is thrown', async () => {
  const begun: number[] = []
  let ended = 0
  const work = async (item: number): Promise<void> => {
    begun.push(item)
    await turns(5)
    ended += 1
    if (item === 1) throw new Error('one')
  }
  await expect(inParallel([0, 1, 2, 3, 4, 5, 6, 7], 2, work)).rejects.toThrow('one')
  expect(begun.length).toBeLessThanOrEqual(4)
  expect(ended).toBe(begun.length)
})
