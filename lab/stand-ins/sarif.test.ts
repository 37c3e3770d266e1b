import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { keepSarif } from './sarif.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sarif '))
})
afterEach(() => {
  rmSync(folder, { recursive: true })
})
const put = (name: string, value: unknown) => {
  writeFileSync(join(folder, name), JSON.stringify(value))
}

test('a file, or every one of a folder, is kept under its category', () => {
  put('amd64.sarif', { version: '2.1.0', runs: [] })
  put('arm64.sarif', { version: '2.1.0', runs: [] })
  put('notes.txt', 'no findings')
  const store = join(folder, 'store')
  expect(keepSarif(join(folder, 'amd64.sarif'), store, 'image/web')).toEqual(['image_web/amd64.sarif'])
  expect(keepSarif(folder, store, '')).toEqual(['none/amd64.sarif', 'none/arm64.sarif'])
  expect(existsSync(join(store, 'image_web/amd64.sarif'))).toBe(true)
})

test('what code scanning would not take is an error', () => {
  put('old.sarif', { version: '2.0.0', runs: [] })
  expect(() => keepSarif(join(folder, 'old.sarif'), folder, '')).toThrow('expected SARIF 2.1.0 with runs')
  rmSync(join(folder, 'old.sarif'))
  expect(() => keepSarif(folder, folder, '')).toThrow('got no file that ends with .sarif')
})
