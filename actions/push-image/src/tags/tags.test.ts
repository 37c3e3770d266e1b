import { describe, expect, test } from '@jest/globals'
import { parseImmutable } from './immutable.ts'
import { parseRules } from './tag-rules.ts'
import { wantedTags, type TagContext } from './wanted-tags.ts'
import { isHigher, parseVersion } from './version.ts'

const facts = (overrides: Partial<TagContext> = {}): TagContext => ({
  ref: 'refs/tags/v1.2.3',
  sha: '0123456789abcdef0123456789abcdef01234567',
  eventName: 'push',
  now: Date.UTC(2026, 10, 22, 4, 5, 6),
  ...overrides,
})
const tagsOf = (rules: string, overrides: Partial<TagContext> = {}) =>
  wantedTags(parseRules(rules), facts(overrides)).map(({ tag }) => tag)

describe('the rules', () => {
  test.each<[string, string, string[]]>([
    ['type=semver,pattern={{version}}', 'refs/tags/v1.2.3', ['1.2.3']],
    ['type=semver,pattern={{version}}', 'refs/tags/1.2.3', ['1.2.3']],
    ['type=semver,pattern=v{{version}}', 'refs/tags/v1.2.3', ['v1.2.3']],
    ['type=semver,pattern={{raw}}', 'refs/tags/v1.2.3', ['v1.2.3']],
    ['type=semver,pattern={{major}}.{{minor}}', 'refs/tags/v1.2.3', ['1.2']],
    ['type=semver,pattern={{ major }}', 'refs/tags/v1.2.3', ['1']],
    ['type=semver,pattern=latest', 'refs/tags/v1.2.3', ['latest']],
    ['type=semver,pattern={{version}},suffix=-slim,prefix=x-', 'refs/tags/v1.2.3', ['x-1.2.3-slim']],
    ['type=semver,pattern={{version}},value=v9.8.7', 'refs/heads/main', ['9.8.7']],
    ['type=semver,pattern={{version}}', 'refs/tags/v1.2.3-rc.1', ['1.2.3-rc.1']],
    ['type=semver,pattern={{major}}.{{minor}}', 'refs/tags/v1.2.3-rc.1', []],
    ['type=semver,pattern={{version}}', 'refs/tags/v1.2.3+build.5', ['1.2.3-build.5']],
    ['type=semver,pattern={{version}}', 'refs/heads/main', []],
    ['type=semver,pattern={{version}}', 'refs/tags/nightly', []],
    ['type=semver,pattern={{version}}', 'refs/tags/v01.2.3', []],
    ['type=ref,event=branch', 'refs/heads/feature/x y', ['feature-x-y']],
    ['type=ref,event=branch', 'refs/tags/v1.2.3', []],
    ['type=ref,event=tag', 'refs/tags/v1.2.3', ['v1.2.3']],
    ['type=ref,event=pr', 'refs/pull/7/merge', ['pr-7']],
    ['type=sha', 'refs/heads/main', ['sha-0123456']],
    ['type=sha,prefix=,format=long', 'refs/heads/main', ['0123456789abcdef0123456789abcdef01234567']],
    ['type=raw,value=stable', 'refs/heads/main', ['stable']],
    ['stable', 'refs/heads/main', ['stable']],
    ['type=raw,value=x,enable=false', 'refs/heads/main', []],
    ['"type=raw","value=a,b"', 'refs/heads/main', ['a-b']],
    ['type=raw,value={{branch}}-{{sha}}', 'refs/heads/a/b', ['a-b-0123456']],
    ['type=raw,value={{ tag }}-x', 'refs/tags/v1', ['v1-x']],
    ['type=raw,value={{branch}}-{{sha}}', 'refs/tags/v1.2.3', []],
    ['type=sha,prefix={{branch}}-', 'refs/heads/main', ['main-0123456']],
    ['type=ref,event=branch,suffix=-{{sha}}', 'refs/heads/main', ['main-0123456']],
    ["type=raw,value=nightly-{{date 'YYYYMMDD'}}", 'refs/heads/main', ['nightly-20261122']],
    ['type=semver,pattern=latest,suffix=-{{sha}}', 'refs/tags/v1.2.3', ['latest-0123456']],
    ['type=semver,pattern=-', 'refs/tags/v1.2.3', []],
    ['type=schedule', 'refs/heads/main', []],
    ['# a comment\n\ntype=raw,value=a\ntype=raw,value=a', 'refs/heads/main', ['a']],
  ])('%s at %s gives %j', (rules, ref, expected) => {
    expect(tagsOf(rules, { ref })).toEqual(expected)
  })

  test('a schedule gives its date', () => {
    const rules = "type=schedule\ntype=schedule,pattern={{date 'YYYYMMDD-HHmmss'}}"
    expect(tagsOf(rules, { eventName: 'schedule' })).toEqual(['nightly', '20261122-040506'])
  })

  test.each([
    ['type=match,pattern=x', 'expected type semver'],
    ['type=semver', 'expected a pattern'],
    ['type=semver,pattern={{base}}', 'expected a pattern'],
    ['type=semver,pattern=x,colour=red', 'expected only pattern, value'],
    ['type=ref', 'event= one of branch, tag, pr'],
    ['type=ref,event=push', 'event= one of branch, tag, pr'],
    ['type=raw', 'expected a value'],
    ['type=raw,value=x,enable=maybe', 'enable=true or enable=false'],
    ['type=sha,format=medium', 'format= one of short, long'],
    ["type=schedule,pattern={{date 'YYYY}}", 'expected only the placeholders {{branch}}'],
    ['type=raw,value={{base_ref}}', 'expected only the placeholders {{branch}}'],
    ['type=sha,prefix={{is_default_branch}}-', 'expected only the placeholders'],
    ['type=ref,event=branch,suffix={{sha', 'expected only the placeholders'],
    ["type=raw,value={{date 'MMM YYYY'}}", 'expected only YYYY, MM, DD, HH, mm and ss'],
  ])('%s is refused: %s', (line, expected) => {
    expect(() => parseRules(line)).toThrow(expected)
  })

  test('a rule far longer than a tag is refused, before a pattern is made of it', () => {
    const rule = `type=semver,pattern={{major}},prefix=${'a'.repeat(100_000)}`
    expect(() => parseRules(rule)).toThrow('expected a rule of at most 1024 characters')
  })

  test('every wrong line is named', () => {
    expect(() => parseRules('type=a\ntype=raw,value=x\ntype=b')).toThrow(/"type=a".*"type=b"/)
  })
})

describe('versions', () => {
  test.each(['1.2', 'v1', '1.2.3.4', '01.2.3', '1.2.3-', '1.2.3-01', 'x1.2.3', '1.2.3 '])(
    '%j is none',
    (text) => {
      expect(parseVersion(text)).toBeNull()
    },
  )

  test.each([
    ['1.10.0', '1.9.9', true],
    ['2.0.0', '1.99.99', true],
    ['1.2.3', '1.2.3', false],
    ['1.2.3', '1.2.4', false],
  ])('%s is higher than %s: %s', (a, b, answer) => {
    expect(isHigher(parseVersion(a)!, parseVersion(b)!)).toBe(answer)
  })
})

describe('immutable', () => {
  test.each([
    ['v?X.Y.Z', '1.2.3', true],
    ['v?X.Y.Z', 'v10.20.30', true],
    ['v?X.Y.Z', '1.2', false],
    ['v?X.Y.Z', '1.2.3-rc.1', false],
    ['v?X.Y.Z', '1x2x3', false],
    ['v?X.Y.Z', 'latest', false],
    ['v?X.Y.Z\nv?X.Y.Z-*', '1.2.3-rc.1', true],
    ['sha-*', 'sha-0123456', true],
    ['none', '1.2.3', false],
    ['', '1.2.3', false],
  ])('by %j, %s: %s', (pattern, tag, answer) => {
    expect(parseImmutable(pattern)(tag)).toBe(answer)
  })

  test.each(['X.Y.Z|latest', '(a+)+', 'a b', '[0-9]'])('%j is not a tag pattern', (pattern) => {
    expect(() => parseImmutable(pattern)).toThrow('expected a tag pattern')
  })
})
