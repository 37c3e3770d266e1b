import { expect, test } from '@jest/globals'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { fakeLab } from './fake-lab.ts'
import { alone } from './lock.ts'

test('two commands never work at the same time, and the lock goes with the last', async () => {
  const lab = fakeLab()
  const seen: string[] = []
  const work = (name: string) => async (): Promise<void> => {
    seen.push(`${name} begins`)
    await new Promise((resolve) => setImmediate(resolve))
    seen.push(`${name} ends`)
  }
  await Promise.all([alone(lab, work('up')), alone(lab, work('down'))])
  expect(seen).toEqual(['up begins', 'up ends', 'down begins', 'down ends'])
  expect(existsSync(`${lab.home}.lock`)).toBe(false)
})

test('the lock of a process that died is taken over, also when its number lives on in another', async () => {
  const lab = fakeLab()
  mkdirSync(dirname(lab.home), { recursive: true })
  writeFileSync(`${lab.home}.lock`, `${process.pid} 1`)
  let done = false
  await alone(lab, () => {
    done = true
    return Promise.resolve()
  })
  expect(done).toBe(true)
})
