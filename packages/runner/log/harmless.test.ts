import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { harmlessLine, harmlessLines } from './harmless.ts'
import { obeyed } from '../testing/obeyed.ts'

describe('a line of the log', () => {
  test.each([
    ['plain text, std::string and fd00::1', 'plain text, std::string and fd00::1'],
    ['::add-mask::x', ': :add-mask::x'],
    [' \t\u00a0\u2003::add-mask::x', ' \t\u00a0\u2003: :add-mask::x'],
    ['\u00ad:\u200b:add-mask::x', '\u00ad: \u200b:add-mask::x'],
    ['\u001b[31m::add-mask::x', '\u001b[31m: :add-mask::x'],
    ['a ##[add-mask]x', 'a ## [add-mask]x'],
    ['a #\0#\u00ad[add-mask]x', 'a ## [add-mask]x'],
    ['a\r::add-mask::x', 'a : :add-mask::x'],
    ['a\n\n\u2028::add-mask::x\n', 'a : :add-mask::x'],
    ['\u001b[31mred\u001b[0m\u0007', '\u001b[31mred\u001b[0m'],
    ['', ''],
  ])('%j becomes %j', (text, line) => {
    expect(harmlessLine(text)).toBe(line)
  })

  test('of any length has a bounded one, and takes time in proportion to it', () => {
    expect(harmlessLine('x'.repeat(1 << 20))).toHaveLength(16_001)
    expect(harmlessLines('##['.repeat(100_000)).join('')).not.toContain('##[')
  })

  test('is never a command, whatever it holds', () => {
    const piece = fc.constantFrom(
      '::',
      ':',
      '#',
      '##[',
      '[',
      ']',
      'add-mask',
      'x',
      ' ',
      '\t',
      '\r',
      '\n',
      '\u2028',
      '\u00ad',
      '\0',
      '\u0301',
      '\u001b[0m',
      '\u001b',
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const line = harmlessLine(pieces.join(''))
        expect(obeyed(line)).toBe('')
        expect(harmlessLine(line)).toBe(line)
      }),
      { numRuns: 3000, seed: 13 },
    )
  })
})

// Growth of processor time, and not seconds: a pattern that begins everywhere takes 64 times as long for eight times the text.
test.each(['a', '::', '##[', '#', '\u001b[0m', ':\u001b', '\u00ad', '\r', 'a\n', ' '])(
  'time grows with the text of many %j, not with its square',
  (part) => {
    const times = [40_000, 320_000].map((size) => {
      const text = part.repeat(size / part.length)
      const runs = Array.from({ length: 5 }, () => {
        const before = process.cpuUsage()
        harmlessLines(text)
        return process.cpuUsage(before).user / 1000
      })
      return Math.max(Math.min(...runs), 2)
    })
    const [short = 0, long = 0] = times
    expect(long / short).toBeLessThan(40)
  },
)
