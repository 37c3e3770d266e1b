import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { digestOf } from '@alt-las/registry'
import { parseImmutable } from './immutable.ts'
import { decideTag } from './tag-plan.ts'
import { parseRules } from './tag-rules.ts'
import { isHigher, parseVersion } from './version.ts'
import { wantedTags } from './wanted-tags.ts'

const digest = digestOf('this')
const other = digestOf('other')

interface Registry {
  readonly existing?: readonly string[]
  /** The version of the image that the tag points to; null where it is not known. Without it the tag does not exist. */
  readonly was?: string | null
  readonly current?: typeof digest
  readonly ref?: string
}

/** The decision about the last tag of the rules, `;` between them. */
function decide(rules: string, { existing = [], was, current, ref = 'refs/tags/v1.2.3' }: Registry) {
  const context = { ref, sha: '0123456789', eventName: 'push', now: 0 }
  const wanted = wantedTags(parseRules(rules.replaceAll(';', '\n')), context).at(-1)
  return decideTag(wanted!, {
    digest,
    current: current ?? (was === undefined ? null : other),
    existing,
    was: typeof was === 'string' ? parseVersion(was) : null,
    isImmutable: parseImmutable('v?X.Y.Z'),
  })
}

const version = 'type=semver,pattern={{version}}'
const minor = 'type=semver,pattern={{major}}.{{minor}}'
const latest = 'type=semver,pattern=latest'
const main = 'refs/heads/main'

describe('decideTag', () => {
  test.each<[string, string, Registry, string]>([
    ['an absent tag is created', version, {}, 'create'],
    ['a tag that points here stays', version, { current: digest }, 'unchanged'],
    ['a version that points elsewhere refuses', version, { was: null }, 'refuse'],
    ['a minor tag moves up', minor, { was: '1.2.2', existing: ['1.2.2', '1.3.0', '2.0.0'] }, 'move'],
    ['a minor tag does not move back', minor, { was: '1.2.4', existing: ['v1.2.4'] }, 'hold-back'],
    [
      '10 is more than 9',
      minor,
      { was: '1.2.8', existing: ['1.2.10'], ref: 'refs/tags/v1.2.9' },
      'hold-back',
    ],
    ['latest moves to the highest', latest, { was: '1.2.2', existing: ['1.2.2', '0.9.0'] }, 'move'],
    ['a backport does not take latest', latest, { was: '2.0.0', existing: ['2.0.0'] }, 'hold-back'],
    ['a pre-release does not count', latest, { was: '1.2.2', existing: ['2.0.0-rc.1'] }, 'move'],
    [
      'a pre-release never takes latest',
      'latest',
      { was: '1.0.0', ref: 'refs/tags/v3.0.0-rc.1' },
      'hold-back',
    ],
    [
      'variants are compared with their like',
      `${latest},suffix=-slim`,
      { was: '1.2.2', existing: ['2.0.0'] },
      'move',
    ],
    [
      'and held back by them',
      `${latest},suffix=-slim`,
      { was: '1.2.2', existing: ['2.0.0-slim'] },
      'hold-back',
    ],
    ['the same version again moves', minor, { was: '1.2.3', existing: ['1.2.3'] }, 'move'],
  ])('%s', (_, rules, registry, expected) => {
    expect(decide(rules, registry).kind).toBe(expected)
  })

  const newer = (existing: string) => ({ was: '1.2.0', existing: [existing] })
  test.each<[string, Registry]>([
    ['latest', newer('2.0.0')],
    ['stable', newer('v2.0.0')],
    ['type=raw,value=latest,prefix=api-', newer('api-2.0.0')],
    ['type=raw,value=api-latest', newer('api-v2.0.0')],
    ['type=raw,value=1', newer('1.3.0')],
    ['type=raw,value=v1.2', newer('1.2.4')],
    ['type=raw,value=1.2,suffix=-slim', newer('1.2.4-slim')],
    ['type=semver,pattern=v{{major}}.{{minor}}', newer('1.2.4')],
    ['type=semver,pattern=v{{major}}', newer('v1.3.0')],
    ['type=semver,pattern={{major}},prefix=v', newer('1.3.0')],
    ['type=semver,pattern=api-{{major}}.{{minor}}', newer('api-1.2.4')],
    ['type=semver,pattern=api-v{{major}}', newer('api-1.3.0')],
    ['type=semver,pattern={{major}}-slim', newer('1.3.0-slim')],
    ['type=semver,pattern=latest-slim', newer('1.3.0-slim')],
    ['type=semver,pattern={{version}},suffix=-alpine;type=semver,pattern={{major}}', newer('1.3.0-alpine')],
    ['type=semver,pattern=app_{{version}}_x;type=semver,pattern={{major}}', newer('app_1.3.0_x')],
    ['type=semver,pattern={{version}},suffix=-{{sha}};latest', newer('1.3.0-abcdef0')],
    ['type=semver,pattern={{major}}-{{minor}}-{{patch}};latest', newer('1-3-0')],
    ['type=semver,pattern={{major}}', { was: '1.3.0' }],
    [minor, { was: '1.2.4-fork.1' }],
  ])('%s never moves back, however the newer version is spelled', (rules, registry) => {
    expect(decide(rules, registry)).toMatchObject({
      kind: 'hold-back',
      because: expect.stringMatching(/the higher version 1\.[23]\.[04]|the higher version 2\.0\.0/),
    })
  })

  test.each<[string, string, Registry, string]>([
    [
      'an image of no known version',
      minor,
      { was: null },
      'so it may be higher; delete 1.2 or move it by hand once',
    ],
    [
      'a branch',
      'latest',
      { was: '1.0.0', ref: main },
      'the ref is not a version, and latest stands for versions',
    ],
    ['a branch, by the list', 'latest', { existing: ['2.0.0'], ref: main }, 'versions such as 2.0.0'],
    [
      'a branch named as a range',
      'type=ref,event=branch',
      { was: '1.2.2', ref: 'refs/heads/v1.2' },
      'not a version',
    ],
    ['a tag of another form', 'latest', { existing: ['2.0.0'], ref: 'refs/tags/release-9' }, 'not a version'],
  ])('what cannot be told does not move: %s', (_, rules, registry, because) => {
    expect(decide(rules, registry)).toMatchObject({
      kind: 'hold-back',
      because: expect.stringContaining(because),
    })
  })

  test.each<[string, string, Registry]>([
    ['latest of a repository without versions', 'latest', { was: null, ref: main }],
    ['a branch', 'type=ref,event=branch', { was: null, existing: ['1.2.3'], ref: main }],
    [
      'a branch with a number',
      'type=ref,event=branch',
      { was: null, existing: ['1.2.4'], ref: 'refs/heads/release-1.2' },
    ],
    ['stable from a branch', 'stable', { was: '1.2.3', existing: ['1.2.3'], ref: main }],
    ['a name of the workflow', 'type=raw,value=edge', { was: null, existing: ['2.0.0'] }],
    ['another number', 'type=raw,value=node-22', { was: null, existing: ['2.0.0'] }],
    ['a commit of digits', 'type=sha,prefix=', { was: null, existing: ['2.0.0'] }],
    [
      'a pull request',
      'type=ref,event=pr,prefix=',
      { was: null, existing: ['7.0.0'], ref: 'refs/pull/7/merge' },
    ],
  ])('%s moves freely', (_, rules, registry) => {
    expect(decide(rules, registry).kind).toBe('move')
  })
})

test('whatever was released before, in whatever spelling, a floating tag never goes back', () => {
  const number = fc.integer({ min: 0, max: 12 })
  const released = fc.array(fc.tuple(number, number, number), { minLength: 1, maxLength: 8 })
  const spelled = fc.constantFrom(
    ['', '', 'type=semver,pattern={{version}}'],
    ['v', '', 'type=semver,pattern=v{{version}}'],
    ['api-', '', 'type=semver,pattern=api-{{version}}'],
    ['', '-slim', 'type=semver,pattern={{version}},suffix=-slim'],
    ['x_', '.y', 'type=semver,pattern={{version}},prefix=x_,suffix=.y'],
  )
  const floating = fc.constantFrom(
    'type=semver,pattern={{major}}',
    'type=semver,pattern=v{{major}}.{{minor}}',
    'type=semver,pattern=latest',
    'type=raw,value=latest',
    'type=raw,value=stable',
  )
  fc.assert(
    fc.property(released, spelled, floating, ([own = [0, 0, 0], ...others], [before, after, whole], rule) => {
      const existing = others.map((one) => before + one.join('.') + after)
      const { kind } = decide(`${whole};${rule}`, {
        existing,
        was: '0.0.0',
        ref: `refs/tags/v${own.join('.')}`,
      })
      const inRange = others.filter(
        ([major, minor]) =>
          rule.endsWith('latest') ||
          rule.endsWith('stable') ||
          (major === own[0] && (!rule.includes('minor') || minor === own[1])),
      )
      const isHighest = inRange.every(
        (one) =>
          parseVersion(one.join('.'))!.text === own.join('.') ||
          isHigher(parseVersion(own.join('.'))!, parseVersion(one.join('.'))!),
      )
      expect(kind).toBe(isHighest ? 'move' : 'hold-back')
    }),
  )
})
