import { describe, expect, test } from '@jest/globals'
import { boolean, choice, integer, list, optional, percent } from '../index.ts'

describe('parsers', () => {
  test.each(['True', 'true', 'TRUE'])('%s is true', (raw) => {
    expect(boolean(raw, '')).toBe(true)
  })

  test.each(['yes', '1', 'on', 'tRUE', ''])('%j is no boolean of YAML 1.2', (raw) => {
    expect(() => boolean(raw, '')).toThrow('expected true or false')
  })

  test.each(['NaN%', '101%', '-1%', '25', '1e2%', ''])('%j is no percentage', (raw) => {
    expect(() => percent(raw, '')).toThrow('expected a percentage')
  })

  test('lists drop blank lines, an optional input may be missing', () => {
    expect(list('a\n\n b \n', '')).toEqual(['a', 'b'])
    expect(optional(integer({ min: 1, max: 9 }))('', '')).toBeNull()
    expect(() => integer({ min: 1, max: 9 })('10', '')).toThrow('from 1 to 9')
    expect(() => choice(['a', 'b'])('c', '')).toThrow('got "c", expected one of a, b')
  })
})
