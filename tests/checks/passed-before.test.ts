import { expect, test } from '@jest/globals'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { passedBefore } from './passed-before.ts'

const file = () => join(mkdtempSync(join(tmpdir(), 'checks-')), 'state', 'checks.json')

test('what has passed is kept for the same sources', () => {
  const path = file()
  passedBefore(path, 'abc', false).add('rollouts', 12)
  expect([...passedBefore(path, 'abc', false).seconds]).toEqual([['rollouts', 12]])
})

test.each([
  ['other sources', 'def', false],
  ['--fresh', 'abc', true],
])('%s begin with nothing', (_, sources, fresh) => {
  const path = file()
  passedBefore(path, 'abc', false).add('rollouts', 12)
  expect(passedBefore(path, sources, fresh).seconds.size).toBe(0)
})

test.each(['', '{', '[]', '{"sources":1}'])('a file that says %j counts as nothing', (text) => {
  const path = file()
  passedBefore(path, 'abc', false).add('rollouts', 12)
  writeFileSync(path, text)
  expect(passedBefore(path, 'abc', false).seconds.size).toBe(0)
})
