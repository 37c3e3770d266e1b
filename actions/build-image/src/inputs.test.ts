import { readFileSync } from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import { readerFor, recording } from '@alt-las/testing'
import { parse as parseYaml } from 'yaml'
import { parse } from './inputs.ts'

const actionYml = new URL('../action.yml', import.meta.url)
const image = 'ghcr.io/ALT-LAS/api-gateway'
const read = (overrides: Readonly<Record<string, string>> = {}) =>
  readerFor(actionYml, { image, ...overrides })

describe('parse', () => {
  test('asks for exactly the inputs of action.yml', () => {
    const declared = Object.keys((parseYaml(readFileSync(actionYml, 'utf8')) as { inputs: object }).inputs)
    const reader = recording(read())
    parse(reader.read)
    expect([...reader.names].toSorted()).toEqual(declared.toSorted())
  })

  test('the defaults of action.yml need nothing but an image', () => {
    expect(parse(read())).toMatchObject({
      image: { name: 'ghcr.io/alt-las/api-gateway', changed: true },
      context: '.',
      practice: 'enforce',
      reuse: 'proven',
      sourceDateEpoch: 'fixed',
      attempts: 3,
      timeout: 3_600_000,
      githubToken: null,
      login: null,
      target: null,
    })
  })

  test.each<[string, Record<string, string>, string]>([
    ['an image without a name', { image: '' }, 'image: is required'],
    ['a tag', { image: 'ghcr.io/alt-las/x:1' }, 'expected a repository without tag and digest'],
    [
      'a context from elsewhere',
      { context: 'https://github.com/a/b.git' },
      'expected a directory of the checkout',
    ],
    ['a platform that is none', { platforms: 'amd64' }, 'expected platforms such as linux/amd64'],
    ['a build argument with a blank', { 'build-args': 'A B=1' }, 'expected KEY=value'],
    ['a label without a value', { labels: 'team' }, 'got "team" without a value'],
    ['a label twice', { labels: 'a=1\na=2' }, 'got a twice'],
    ['a date', { 'source-date-epoch': 'yesterday' }, 'expected fixed, commit or whole seconds'],
    ['an unknown rule', { 'practice-waivers': 'no-root: because' }, 'expected RULE: reason'],
    ['a waiver without a reason', { 'practice-waivers': 'healthcheck:' }, 'expected a reason'],
    ['a size without a unit', { 'size-limit': '250' }, 'expected a size such as 250MiB'],
    ['a quote left open', { 'build-args': '"A=1\nB=2' }, 'a quote that is not closed'],
    ['half of the credentials', { username: 'me' }, 'password: is required with username'],
    ['one secret twice', { secrets: 'npm=1', 'secret-files': 'npm=.npmrc' }, 'got the id npm twice'],
  ])('%s is an input error', (_, overrides, message) => {
    expect(() => parse(read(overrides))).toThrow(message)
  })

  test.each([
    ['true', 'proven'],
    ['false', 'off'],
  ])('reuse %s of earlier versions is %s', (raw, expected) => {
    expect(parse(read({ reuse: raw })).reuse).toBe(expected)
  })

  test('all problems are reported together', () => {
    expect(() => parse(read({ image: '', attempts: '0', timeout: 'soon' }))).toThrow(/^3 inputs are wrong/)
  })

  test.each([
    'NPM_TOKEN=abc123',
    'DB_PASSWORD=hunter2',
    'X=ghp_abcdefghijklmnopqrstuvwxyz0123456789',
    'URL=https://me:pass@host/x',
  ])('the build argument %s is refused with the remedy, and its value is not printed', (line) => {
    const act = () => parse(read({ 'build-args': line }))
    expect(act).toThrow('RUN --mount=type=secret')
    expect(act).not.toThrow(line.slice(line.indexOf('=') + 1))
  })

  test.each(['TOKEN_TTL=30', 'USE_TOKEN=true', 'VERSION=1.2.3', 'PASSWORD_POLICY=strict'])(
    '%s is no credential',
    (line) => {
      expect(parse(read({ 'build-args': line })).buildArgs).toHaveLength(1)
    },
  )

  test('a malformed secret is an error that does not print it', () => {
    const act = () => parse(read({ secrets: 'fine=1\nhunter2-without-an-id' }))
    expect(act).toThrow('secrets: entry 2 is malformed')
    expect(act).not.toThrow('hunter2')
  })

  test('a secret of several lines stands in quotes', () => {
    expect(parse(read({ secrets: '"key=one\nsaid ""two"""\nother=three' })).secrets).toEqual([
      { key: 'key', value: 'one\nsaid "two"' },
      { key: 'other', value: 'three' },
    ])
  })
})
