import { expect, test } from '@jest/globals'
import { existsSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Lab } from './lab.ts'
import { alone } from './lock.ts'

const nothing = (): void => undefined
const labAt = (home: string): Lab => ({
  repository: '/',
  home,
  cache: '/',
  environment: {},
  say: nothing,
  print: nothing,
  clock: { now: () => 0, sleep: () => new Promise((resolve) => setImmediate(resolve)) },
})

test('two commands never work at the same time, and the lock goes with the last', async () => {
  const home = join(mkdtempSync(join(tmpdir(), 'lock-')), 'home')
  const seen: string[] = []
  const work = (name: string) => async (): Promise<void> => {
    seen.push(`${name} begins`)
    await new Promise((resolve) => setImmediate(resolve))
    seen.push(`${name} ends`)
  }
  await Promise.all([alone(labAt(home), work('up')), alone(labAt(home), work('down'))])
  expect(seen).toEqual(['up begins', 'up ends', 'down begins', 'down ends'])
  expect(existsSync(`${home}.lock`)).toBe(false)
})

test('the lock of a process that died is taken over, also when its number lives on in another', async () => {
  const home = join(mkdtempSync(join(tmpdir(), 'lock-')), 'home')
  writeFileSync(`${home}.lock`, `${String(process.pid)} 1`)
  let done = false
  await alone(labAt(home), () => {
    done = true
    return Promise.resolve()
  })
  expect(done).toBe(true)
})
