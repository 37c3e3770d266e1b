import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { bring, filesOf, keep, storeOf } from './artifacts.ts'

let folder: string
const put = (name: string, text = name): void => {
  mkdirSync(dirname(join(folder, name)), { recursive: true })
  writeFileSync(join(folder, name), text)
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'artifacts '))
})
afterEach(() => {
  rmSync(folder, { recursive: true })
})

describe('what an upload keeps', () => {
  test.each([
    ['a file by its name', 'out/outcome.json', ['outcome.json']],
    ['a folder with what is beneath it', 'out', ['deep/log.txt', 'outcome.json']],
    [
      'several paths from their common folder on',
      'out/outcome.json\nother/x.txt',
      ['other/x.txt', 'out/outcome.json'],
    ],
    ['what a pattern finds, without what ! excludes', 'out/**\n!out/deep/**', ['outcome.json']],
    ['no hidden files', '.', ['other/x.txt', 'out/deep/log.txt', 'out/outcome.json']],
  ])('%s', (_, path, expected) => {
    for (const name of ['out/outcome.json', 'out/deep/log.txt', 'other/x.txt', '.hidden']) put(name)
    expect(filesOf(path, folder, false).map((file) => file.to)).toEqual(expected)
  })
})

describe('an artifact', () => {
  const store = (): string => join(folder, 'store')
  const one = (text: string, overwrite: boolean): string => {
    put('outcome.json', text)
    return keep(store(), 'outcome-a', { files: filesOf('outcome.json', folder, false), overwrite })
  }

  test('is not replaced unless it may be', () => {
    one('1', false)
    expect(() => one('2', false)).toThrow('artifact outcome-a: is there already')
    one('2', true)
    expect(readFileSync(join(store(), 'outcome-a', 'outcome.json'), 'utf8')).toBe('2')
  })

  test('has the same digest for the same content only', () => {
    const first = one('1', true)
    expect(one('1', true)).toBe(first)
    expect(one('2', true)).not.toBe(first)
  })

  test('comes back alone into the folder itself, several into folders of their names', () => {
    one('1', false)
    keep(store(), 'outcome-b', { files: filesOf('outcome.json', folder, false), overwrite: false })
    const target = join(folder, 'target')
    expect(bring(store(), target, { name: 'outcome-a', pattern: '', merge: false })).toEqual(['outcome-a'])
    expect(readdirSync(target)).toEqual(['outcome.json'])
    rmSync(target, { recursive: true })
    bring(store(), target, { name: '', pattern: 'outcome-*', merge: false })
    expect(existsSync(join(target, 'outcome-b', 'outcome.json'))).toBe(true)
  })

  test('that is not there is an error when it is named, and none when it is searched', () => {
    const target = join(folder, 'target')
    expect(() => bring(store(), target, { name: 'x', pattern: '', merge: false })).toThrow(
      'artifact x: not found; this run has none',
    )
    expect(bring(store(), target, { name: '', pattern: 'outcome-*', merge: false })).toEqual([])
  })

  test('of another run is found by the number of that run', () => {
    const own = join(folder, 'runs/7/artifacts')
    mkdirSync(join(folder, 'runs/5/artifacts'), { recursive: true })
    expect(storeOf(own, '')).toBe(own)
    expect(storeOf(own, '5')).toBe(join(folder, 'runs/5/artifacts'))
    for (const run of ['6', '../5', 'v1'])
      expect(() => storeOf(own, run)).toThrow(`run-id: got ${run}, expected the number of a run`)
  })
})
