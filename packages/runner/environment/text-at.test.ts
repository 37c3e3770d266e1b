import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from '@jest/globals'
import { textAt } from './text-at.ts'

const directory = mkdtempSync(join(tmpdir(), 'text-at-'))
afterAll(() => {
  rmSync(directory, { recursive: true })
})

describe('a file that an input names', () => {
  test('gives its text', () => {
    writeFileSync(join(directory, 'good.yaml'), 'tests: []')
    expect(textAt('good.yaml', directory)).toBe('tests: []')
  })

  test.each([
    ['is not there', 'absent.yaml', null],
    ['is too large', 'large.yaml', 'x'.repeat(1024 * 1024 + 1)],
  ])('that %s is a mistake of the inputs', (_name, path, text) => {
    if (text !== null) writeFileSync(join(directory, path), text)
    expect(() => textAt(path, directory)).toThrow(
      expect.objectContaining({ code: 'unreadable', fault: 'input' }),
    )
  })
})
