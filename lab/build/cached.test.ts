import { expect, test } from '@jest/globals'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fakeLab } from '../base/fake-lab.ts'
import { cached } from './cached.ts'

const entry = { name: 'tool', key: '0123456789abcdef' }

test('what was made once is not made again', async () => {
  const lab = fakeLab()
  let made = 0
  const make = (folder: string): Promise<void> => {
    made += 1
    writeFileSync(join(folder, 'program'), 'x')
    return Promise.resolve()
  }
  const first = await cached(lab, entry, make)
  expect(await cached(lab, entry, make)).toBe(first)
  expect(made).toBe(1)
})

test('an interrupted build leaves nothing that looks finished, and the next one begins clean', async () => {
  const lab = fakeLab()
  const broken = cached(lab, entry, (folder) => {
    writeFileSync(join(folder, 'half'), 'x')
    return Promise.reject(new Error('interrupted'))
  })
  await expect(broken).rejects.toThrow('interrupted')
  const folder = await cached(lab, entry, (place) => {
    writeFileSync(join(place, 'whole'), 'y')
    return Promise.resolve()
  })
  expect(readFileSync(join(folder, 'whole'), 'utf8')).toBe('y')
  expect(existsSync(join(folder, 'half'))).toBe(false)
})
