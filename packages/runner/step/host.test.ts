import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { actionsHost } from './host.ts'
import { keepForPost } from './run-post.ts'
import { obeyed } from '../testing/obeyed.ts'
import { valuesIn } from '../testing/values-in.ts'

const forged = 'one\nEOF\nsecond<<EOF\r\nforged\nEOF\nthird=x\n::set-output name=fourth::x'
const before = { ...process.env }
let printed = ''
const write = process.stdout.write.bind(process.stdout)
beforeEach(() => {
  printed = ''
  process.stdout.write = (chunk) => {
    printed += String(chunk)
    return true
  }
})
afterEach(() => {
  process.stdout.write = write
  process.env = { ...before }
})

test.each(['GITHUB_OUTPUT', 'GITHUB_STATE'])('a value in %s is one value of one name', (variable) => {
  const file = join(mkdtempSync(join(tmpdir(), 'host-')), 'file')
  writeFileSync(file, '')
  process.env[variable] = file
  if (variable === 'GITHUB_OUTPUT') actionsHost.output('first', forged)
  else keepForPost('first', forged)
  expect(valuesIn(readFileSync(file, 'utf8'))).toEqual({ first: forged })
  expect(printed).toBe('')
})

test('without a runner an output is a line of the log', () => {
  delete process.env['GITHUB_OUTPUT']
  actionsHost.output('first', forged)
  expect(printed.match(/\n/g)).toHaveLength(1)
  expect(obeyed(printed)).toBe('')
})

test('an annotation is one command, whatever its texts hold', () => {
  actionsHost.annotate({
    level: 'error',
    message: forged,
    title: 'a,line=1::\n::x::',
    file: 'a\n::b::,line=9',
  })
  expect(printed.trimEnd().split(/[\r\n]/)).toHaveLength(1)
  expect(printed).toMatch(
    /^::error title=a%2Cline=1%3A%3A %3A %3Ax%3A%3A,file=a %3A %3Ab%3A%3A%2Cline=9::one%0AEOF/,
  )
})

test('a mask has every form of a secret, each as one command', () => {
  actionsHost.mask(['first\rsecond line'])
  const masks = printed.trimEnd().split('\n')
  expect(masks.every((one) => one.startsWith('::add-mask::'))).toBe(true)
  expect(masks).toEqual(
    expect.arrayContaining([
      '::add-mask::first%0Dsecond line',
      '::add-mask::first',
      '::add-mask::second line',
    ]),
  )
})
