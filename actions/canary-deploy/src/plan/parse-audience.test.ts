import { isAudience } from '@alt-las/routers'
import { describe, expect, test } from '@jest/globals'
import { formatAudience, parseAudience } from './parse-audience.ts'

describe('an audience', () => {
  test.each([
    ['header: X-Beta=true', 'header: X-Beta=true, hold: 10m00s'],
    ['cookie: beta=1\nhold: 1h', 'cookie: beta=1, hold: 1h00m'],
    ['hold: 90s\n\n  cookie:   __Host-beta=v1.2 ', 'cookie: __Host-beta=v1.2, hold: 1m30s'],
    ['share: 5% by cookie session', 'share: 5% by cookie session, hold: 10m00s'],
    ['share: 0.4% by header X-User-Id hex', 'share: 0.4% by header X-User-Id, hold: 10m00s'],
    ['share: 12.5% by header X-User-Id digits', 'share: 12.5% by header X-User-Id digits, hold: 10m00s'],
  ])('%s', (raw, formatted) => {
    const audience = parseAudience(raw)
    expect(audience === null ? null : formatAudience(audience)).toBe(formatted)
    expect(isAudience(audience)).toBe(true)
  })

  test.each(['', 'off', ' \n'])('none by %j', (raw) => {
    expect(parseAudience(raw)).toBeNull()
  })

  test.each([
    ['beta', 'got "beta", expected header: X-Beta=true, cookie: beta=1'],
    ['header: X-Beta=true\ncookie: beta=1', 'got 2 audiences, expected one line'],
    ['hold: 5m', 'got no audience, expected one line'],
    ['cookie: beta=1\nhold: 5m\nhold: 6m', 'got hold 2 times'],
    ['cookie: beta=1\nhold: soon', 'got hold "soon", expected a time such as 10m'],
    ['header: X_Beta=true', 'got the header "X_Beta", expected a name of letters, digits and dashes'],
    [
      'header: Cookie=a',
      'got the header Cookie, expected one of your own such as X-Beta, or a line cookie: beta=1',
    ],
    ['header: Host=a', 'got the header Host, expected one of your own'],
    ['header: X-Beta=`) || PathPrefix(`/', 'got the value "`) || PathPrefix(`/" for the header X-Beta'],
    ['cookie: beta=.*|x', 'got the value ".*|x" for the cookie beta'],
    ['cookie: b(e)ta=1', 'got the cookie "b(e)ta"'],
    ['cookie: beta=', 'got the value ""'],
    ['share: 5% of everybody', 'got share "5% of everybody", expected for example 5% by cookie session'],
    ['share: 60% by cookie session', 'got a share of 60%, expected from 0.4% to 50% of the users'],
    ['share: 0.5% by header X-Id digits', 'got a share of 0.5%, expected from 1% to 50%'],
  ])('%j is refused with what is expected', (raw, message) => {
    expect(() => parseAudience(raw)).toThrow(message)
  })

  test('all problems are reported together', () => {
    expect(() => parseAudience('header: X Beta=1\nhold: never\nwho: me')).toThrow(
      /the header "X Beta".*; got hold "never".*; got "who: me"/,
    )
  })
})
