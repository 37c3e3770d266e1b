import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from '@jest/globals'
import { apiTestsAt } from './api-tests-at.ts'

const directory = mkdtempSync(join(tmpdir(), 'api-tests-'))
afterAll(() => {
  rmSync(directory, { recursive: true })
})

describe('a file that an input names', () => {
  test('gives its tests', () => {
    writeFileSync(join(directory, 'good.yaml'), 'tests: [{ name: home, request: { path: / } }]')
    expect(apiTestsAt('good.yaml', directory)).toMatchObject([{ name: 'home' }])
  })

  test.each([
    ['is not there', 'absent.yaml', null],
    ['is too large', 'large.yaml', 'x'.repeat(1024 * 1024 + 1)],
  ])('that %s is a mistake of the inputs', (_name, path, text) => {
    if (text !== null) writeFileSync(join(directory, path), text)
    expect(() => apiTestsAt(path, directory)).toThrow(
      expect.objectContaining({ code: 'unreadable', fault: 'input' }),
    )
  })
})
