import { randomUUID } from 'node:crypto'
import { describe, expect, test } from '@jest/globals'
import { headerMatchOf, shareOfUsers } from './header-match.ts'

const expressionOf = (audience: Parameters<typeof headerMatchOf>[0]) =>
  new RegExp(headerMatchOf(audience).value)

describe('a cookie', () => {
  const beta = expressionOf({ kind: 'cookie', name: 'beta.group', value: '1.2' })

  test.each(['beta.group=1.2', 'a=1; beta.group=1.2', 'beta.group=1.2; z=9', 'a=1;beta.group=1.2 ;z=9'])(
    'is found among others: %s',
    (header) => {
      expect(beta.test(header)).toBe(true)
    },
  )

  test.each([
    'beta.group=1.23',
    'xbeta.group=1.2',
    'betaxgroup=1.2',
    'beta.group=1x2',
    'a=beta.group=1.2',
    '',
  ])('is not mistaken: %s', (header) => {
    expect(beta.test(header)).toBe(false)
  })
})

describe('a share of users', () => {
  const share = (percent: number, characters: 'hex' | 'digits', by: 'header' | 'cookie' = 'header') =>
    expressionOf({ kind: 'share', percent, by, name: 'session', characters })
  const ends = (base: number) =>
    Array.from({ length: base ** 2 }, (_, i) => i.toString(base).padStart(2, '0'))

  test.each([0.4, 1, 5, 6.25, 10, 25, 33, 50])(
    '%d %% of all ends match, exactly as many as are said',
    (percent) => {
      for (const [characters, base] of [
        ['hex', 16],
        ['digits', 10],
      ] as const) {
        const matched = ends(base).filter((end) => share(percent, characters).test(`user-${end}`)).length
        expect((100 * matched) / base ** 2).toBeCloseTo(shareOfUsers(percent, characters), 9)
        expect(Math.abs(shareOfUsers(percent, characters) - percent)).toBeLessThanOrEqual(
          characters === 'hex' ? 0.2 : 0.6,
        )
      }
    },
  )

  test('both cases of hexadecimal digits are the same user', () => {
    for (const end of ends(16))
      expect(share(50, 'hex').test(end.toUpperCase())).toBe(share(50, 'hex').test(end))
  })

  test('of random UUIDs in a cookie it gets about its share, and always the same ones', () => {
    const tenth = share(10, 'hex', 'cookie')
    const users = Array.from({ length: 4000 }, () => randomUUID())
    const chosen = users.filter((user) => tenth.test(`a=1; session=${user}; b=2`))
    expect(chosen.length / users.length).toBeGreaterThan(0.07)
    expect(chosen.length / users.length).toBeLessThan(0.135)
    expect(users.filter((user) => tenth.test(`session=${user}`))).toEqual(chosen)
    expect(tenth.test(`session=zz; other=${chosen[0] ?? ''}`)).toBe(false)
  })
})
