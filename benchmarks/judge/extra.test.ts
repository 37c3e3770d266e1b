import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { readScenarios } from './extra.ts'

const written = (value: unknown): string => {
  const path = join(mkdtempSync(join(tmpdir(), 'scenarios-')), 'mine.json')
  writeFileSync(path, JSON.stringify(value))
  return path
}
const mine = { name: 'mine', truth: 'bad', rps: 20, base: 0.002, canary: [{ from: 30, errors: 0.02 }] }

describe('readScenarios', () => {
  test('takes a foreign list', () => {
    expect(readScenarios(written([mine]))).toEqual([mine])
  })

  test.each([
    [{}, 'holds no list of scenarios'],
    [[{ ...mine, rps: '20' }], 'scenario 1: rps is "20", expected number'],
    [[mine, { ...mine, rate: 1 }], 'scenario 2: rate is 1, expected one of name, truth'],
    [[{ name: 'x', truth: 'bad', rps: 1 }], 'scenario 1 has no base'],
    [[{ ...mine, truth: 'maybe' }], 'truth is "maybe", expected healthy or bad'],
  ])('refuses %j', (value, why) => {
    expect(() => readScenarios(written(value))).toThrow(why)
  })
})
