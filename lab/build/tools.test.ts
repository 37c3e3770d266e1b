import { expect, test } from '@jest/globals'
import { goBuilds } from '../versions.ts'
import { sideBySide, slowestFirst } from './tools.ts'

test('the slowest build begins first', () => {
  const times = slowestFirst(goBuilds.map((build) => ({ build }))).map(({ build }) => build.usual)
  expect(times).toEqual(times.toSorted((one, other) => other - one))
})

test('so many run at a time, begun in their order', async () => {
  const begun: number[] = []
  let [running, most] = [0, 0]
  await sideBySide([1, 2, 3, 4, 5], 2, async (one) => {
    begun.push(one)
    running += 1
    most = Math.max(most, running)
    await Promise.resolve()
    running -= 1
  })
  expect({ begun, most }).toEqual({ begun: [1, 2, 3, 4, 5], most: 2 })
})

test('after a failure none begins, and the one beside it ends first', async () => {
  const ended: string[] = []
  const work = async (one: string) => {
    await Promise.resolve()
    if (one === 'bad') throw new Error('it does not build')
    await Promise.resolve()
    ended.push(one)
  }
  await expect(sideBySide(['bad', 'good', 'late'], 2, work)).rejects.toThrow('it does not build')
  expect(ended).toEqual(['good'])
})
