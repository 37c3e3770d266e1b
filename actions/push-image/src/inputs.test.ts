import { generateKeyPairSync } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import { parse as parseYaml } from 'yaml'
import { readerFor, recording } from '@alt-las/testing'
import { parse, type PushInputs } from './inputs.ts'

const actionYml = new URL('../action.yml', import.meta.url)
const minimal = {
  image: 'ghcr.io/ALT-LAS/api-gateway',
  'oci-layout': '/a b/layout',
  'scan-report': 'scan/outcome.json',
}
const parsed = (overrides: Record<string, string> = {}): PushInputs => {
  const inputs = parse(readerFor(actionYml, { ...minimal, ...overrides }))
  if (inputs.operation !== 'push') throw new Error('not a push')
  return inputs
}

describe('parse', () => {
  test('asks for the inputs of action.yml, all of them and no other', () => {
    const { inputs } = parseYaml(readFileSync(actionYml, 'utf8')) as {
      inputs: Record<string, { description?: string }>
    }
    const { read, names } = recording(readerFor(actionYml, minimal))
    parse(read)
    expect([...names].sort()).toEqual(Object.keys(inputs).sort())
    expect(Object.values(inputs).every(({ description }) => (description ?? '') !== '')).toBe(true)
  })

  test('with the defaults a version goes to X.Y.Z, X.Y and latest, and X.Y.Z never moves', () => {
    const inputs = parsed()
    expect(inputs).toMatchObject({
      operation: 'push',
      concurrency: 4,
      attempts: 5,
      timeout: 1_800_000,
      gate: 'enforce',
    })
    expect(inputs.image).toMatchObject({ name: 'ghcr.io/alt-las/api-gateway', changed: true })
    expect(inputs.tags.map((rule) => rule.kind === 'semver' && rule.pattern)).toEqual([
      '{{version}}',
      '{{major}}.{{minor}}',
      'latest',
    ])
    expect(inputs.immutable('v1.2.3')).toBe(true)
    expect(inputs.githubToken).toBeNull()
  })

  test('all problems are reported together', () => {
    const wrong = {
      'oci-layout': '',
      'scan-report': '',
      image: 'ghcr.io/a/b:v1',
      tags: 'type=nothing',
      username: 'me',
      'mount-from': 'docker.io/a/c',
      concurrency: '0',
      timeout: '5',
      gate: 'off',
    }
    expect(() => parsed(wrong)).toThrow(/^8 inputs are wrong:/)
    for (const name of [
      'oci-layout',
      'scan-report',
      'image',
      'tags',
      'password',
      'concurrency',
      'timeout',
      'gate',
    ])
      expect(() => parsed(wrong)).toThrow(`- ${name}: `)
  })

  test('a secret that is wrong is not in the message', () => {
    expect(() => parsed({ password: 'hush-hush' })).toThrow(
      /^username: got nothing, expected the user of password$/,
    )
  })

  test('preflight needs neither layout nor scan', () => {
    const read = readerFor(actionYml, { image: minimal.image, operation: 'preflight' })
    expect(parse(read)).toMatchObject({
      operation: 'preflight',
      image: { repository: 'alt-las/api-gateway' },
    })
  })

  test('only preflight takes several images, all of one registry', () => {
    const image = 'ghcr.io/a/one\nghcr.io/a/two'
    expect(parse(readerFor(actionYml, { image, operation: 'preflight' }))).toMatchObject({
      image: { repository: 'a/one' },
      images: [{ repository: 'a/one' }, { repository: 'a/two' }],
    })
    expect(() => parsed({ image })).toThrow('image: got 2 lines, expected one repository')
    const mixed = readerFor(actionYml, { image: 'ghcr.io/a/one\ndocker.io/a/two', operation: 'preflight' })
    expect(() => parse(mixed)).toThrow('image: got docker.io/a/two, expected a repository of ghcr.io')
  })

  test('an empty scan-report is an error; only none pushes unscanned bytes', () => {
    expect(() => parsed({ 'scan-report': '' })).toThrow(
      /^scan-report: got nothing, expected a path; operation push requires it/,
    )
    expect(parsed({ 'scan-report': 'none' }).scanReport).toEqual({ kind: 'none' })
    expect(parsed().scanReport).toEqual({ kind: 'file', path: 'scan/outcome.json' })
  })

  test('only repositories of the same registry can be mounted from', () => {
    expect(parsed({ 'mount-from': 'ghcr.io/ALT-LAS/base\nghcr.io/alt-las/x' }).mountFrom).toEqual([
      'alt-las/base',
      'alt-las/x',
    ])
    expect(() => parsed({ 'mount-from': 'docker.io/a/b' })).toThrow(
      'mount-from: got docker.io/a/b, expected a repository of ghcr.io',
    )
  })
})

describe('the inputs of signing and tagging', () => {
  const pem = generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
    .privateKey.export({ type: 'pkcs8', format: 'pem' })
    .toString()
  const digest = `sha256:${'a'.repeat(64)}`
  const tag = { operation: 'tag', 'verify-report': 'none', 'oci-layout': '', 'scan-report': '' }
  const parseAll = (overrides: Record<string, string>) =>
    parse(readerFor(actionYml, { ...minimal, ...overrides }))

  test.each<[Record<string, string>, object]>([
    [{}, { sign: { kind: 'off' } }],
    [{ sign: 'key', 'signing-key': pem }, { sign: { kind: 'key' } }],
    [
      { sign: 'keyless' },
      {
        sign: {
          kind: 'keyless',
          sigstore: {
            fulcioUrl: 'https://fulcio.sigstore.dev',
            rekorUrl: 'https://rekor.sigstore.dev',
            tsaUrl: null,
          },
        },
      },
    ],
    [
      { ...tag, digest },
      { operation: 'tag', target: { kind: 'forward', digest } },
    ],
    [
      { ...tag, release: 'v1.3.0', 'to-release': 'v1.2.5' },
      { target: { kind: 'back', release: 'v1.3.0', toRelease: 'v1.2.5' } },
    ],
  ])('%j is understood', (overrides, expected) => {
    expect(parseAll(overrides)).toMatchObject(expected)
  })

  test.each<[Record<string, string>, string]>([
    [{ sign: 'key' }, 'signing-key: got nothing'],
    [{ sign: 'key', 'signing-key': 'x' }, 'signing-key: got no private key'],
    [{ 'signing-key': pem }, 'sign: got off with a signing-key'],
    [{ sign: 'keyless', 'rekor-url': 'off' }, 'tsa-url: got off, expected an address'],
    [{ sign: 'keyless', 'fulcio-url': 'http://fulcio.example' }, 'expected an address with https://'],
    [tag, 'digest: got nothing'],
    [{ ...tag, digest, release: 'v1.3.0', 'to-release': 'v1.2.5' }, 'got a digest and to-release'],
    [{ ...tag, 'to-release': 'v1.2.5' }, 'release: expected together with to-release'],
    [{ ...tag, release: 'v1.2.5', 'to-release': 'v1.3.0' }, 'to-release: got 1.3.0'],
    [{ ...tag, release: 'v1.3.0', 'to-release': 'last' }, 'expected the name of a release'],
    [{ ...tag, digest, 'verify-report': '' }, 'verify-report: got nothing'],
  ])('%j is an error: %s', (overrides, message) => {
    expect(() => parseAll(overrides)).toThrow(message)
  })
})
