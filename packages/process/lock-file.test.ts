import { existsSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { birthOf, tryLock } from './lock-file.ts'

const fresh = (): string => join(mkdtempSync(join(tmpdir(), 'lock ')), 'below', 'one.lock')

test('one has it, the next gets it when it was let go', () => {
  const path = fresh()
  const release = tryLock(path)
  expect(release).not.toBeNull()
  expect(tryLock(path)).toBeNull()
  release?.()
  expect(existsSync(path)).toBe(false)
  expect(tryLock(path)).not.toBeNull()
})

test.each([
  ['a process that ended', '4194304999 1'],
  ['a process whose number lives on in another', `${process.pid} 1`],
  ['a process that died before it wrote its name', ''],
  ['other text', 'not a lock'],
])('the lock of %s is taken over', (_, text) => {
  const path = fresh()
  tryLock(path)?.()
  writeFileSync(path, text)
  expect(tryLock(path)).not.toBeNull()
})

test('who lets go late does not take the lock from the next', () => {
  const path = fresh()
  const release = tryLock(path)
  const next = `${process.ppid} ${birthOf(process.ppid) ?? ''}`
  writeFileSync(path, next)
  release?.()
  expect(existsSync(path)).toBe(true)
})

test('a place that cannot be written is an error, and no lock that another has', () => {
  const path = join(fresh(), 'x')
  writeFileSync(join(path, '../../../file'), '')
  expect(() => tryLock(join(path, '../../../file/one.lock'))).toThrow(/EEXIST|ENOTDIR/)
})
