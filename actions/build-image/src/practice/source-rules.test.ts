import { describe, expect, test } from '@jest/globals'
import { parseDockerfile } from '../dockerfile/dockerfile.ts'
import { judgeSource } from './source-rules.ts'

const digest = `@sha256:${'a'.repeat(64)}`
const pin = `node${digest}`
const good = `FROM ${pin}\nUSER 65532\nHEALTHCHECK CMD ["true"]\nCMD ["node"]`

interface Given {
  readonly target?: string
  readonly testTarget?: string
  readonly platform?: string | null
  readonly args?: Readonly<Record<string, string>>
  readonly contexts?: Readonly<Record<string, string>>
}
const judge = (source: string, given: Given = {}) =>
  judgeSource(parseDockerfile(source), {
    target: given.target ?? null,
    testTarget: given.testTarget ?? null,
    builderPlatform: null,
    platform: given.platform === undefined ? 'linux/amd64' : given.platform,
    buildArgs: new Map(Object.entries(given.args ?? {})),
    contexts: new Map(Object.entries(given.contexts ?? {})),
  })
/** `rule:line` of each finding, with a question mark where it could not be judged. */
const told = (source: string, given: Given = {}) => {
  const { findings, unjudged } = judge(source, given)
  return [
    ...findings.map(({ rule, line }) => `${rule}:${line}`),
    ...unjudged.map(({ rule, line }) => `${rule}:${line}?`),
  ]
}

describe('pinned-base', () => {
  test.each<[string, string, Given, readonly string[]]>([
    ['a digest', good, {}, []],
    ['a tag', good.replace(pin, 'node:24'), {}, ['pinned-base:1']],
    ['scratch', good.replace(pin, 'scratch'), {}, []],
    ['a tag and a digest', good.replace(pin, `node:24${digest}`), {}, []],
    ['a digest that is cut off', good.replace(pin, 'node@sha256:abc'), {}, ['pinned-base:1']],
    ['an image to copy from', `${good}\nCOPY --from=busybox:1 a b`, {}, ['pinned-base:5']],
    [
      'an image to mount',
      `${good}\nRUN --mount=type=bind,from=busybox:1,target=/t true`,
      {},
      ['pinned-base:5'],
    ],
    ['a stage that nothing uses', `FROM node:24 AS lint\n${good}`, {}, []],
    ['a stage to copy from', `FROM node:24 AS deps\n${good}\nCOPY --from=deps a b`, {}, ['pinned-base:1']],
    ['a stage by number', `FROM node:24\n${good}\nCOPY --from=0 a b`, {}, ['pinned-base:1']],
    ['the later of two stages of one name', `FROM a:1 AS x\nFROM ${pin} AS x\nFROM x`, {}, []],
    ['a required argument', 'ARG BASE\nFROM ${BASE:?required}', { args: { BASE: pin } }, []],
    ['a default in a default', `ARG F=${pin}\nFROM \${BASE:-\${F}}`, {}, []],
    ['a prefix taken off', `ARG T=v3\nFROM alpine:\${T#v}${digest}`, {}, []],
    ['quotes', `FROM "${pin}"`, {}, []],
    ['a name for every platform', `FROM ${pin} AS base-amd64\nFROM base-\${TARGETARCH}`, {}, []],
    [
      'a platform without a stage',
      `FROM ${pin} AS base-arm64\nFROM base-\${TARGETARCH}`,
      {},
      ['pinned-base:2'],
    ],
    [
      'a platform not known yet',
      `FROM ${pin} AS base-arm64\nFROM base-\${TARGETARCH}`,
      { platform: null },
      ['pinned-base:2?'],
    ],
    ['the platform of the builder', `FROM --platform=$BUILDPLATFORM ${pin}`, {}, []],
    ['a stage by the builder', 'FROM base-$BUILDARCH', {}, ['pinned-base:1?']],
    ['a base without a value', 'ARG BASE\nFROM ${BASE}', {}, ['pinned-base:1?'.replace('1', '2')]],
    [
      'a context that is an image',
      good.replace(pin, 'base'),
      { contexts: { base: `docker-image://${pin}` } },
      [],
    ],
    [
      'a context that is a tag',
      good.replace(pin, 'base'),
      { contexts: { base: 'docker-image://node:24' } },
      ['pinned-base:1'],
    ],
    ['a context that is a directory', good.replace(pin, 'base'), { contexts: { base: '../base' } }, []],
    [
      'a context by its long name',
      good.replace(pin, 'node:latest'),
      { contexts: { 'docker.io/library/node': '../x' } },
      [],
    ],
    [
      'a context instead of a stage',
      `FROM node:24 AS deps\nADD https://e/x /\n${good}\nCOPY --from=deps a b`,
      { contexts: { deps: './deps' } },
      [],
    ],
    [
      'a context of a tag instead of a stage',
      `FROM ${pin} AS deps\n${good}\nCOPY --from=deps a b`,
      { contexts: { deps: 'docker-image://deps:1' } },
      ['pinned-base:1'],
    ],
    [
      'the stage of the tests',
      `${good.replace(pin, `${pin} AS run`)}\nFROM alpine:3 AS test`,
      { target: 'run', testTarget: 'test' },
      ['pinned-base:5'],
    ],
    [
      'the stage of other tests',
      `${good.replace(pin, `${pin} AS run`)}\nFROM alpine:3 AS test`,
      { target: 'run' },
      [],
    ],
    ['a target that is not there', good.replace(pin, 'node:24'), { target: 'nope' }, []],
    [
      'another frontend',
      `# syntax=example/other\n${good}`,
      {},
      ['pinned-base:1?', 'add-url:1?', 'secret-in-env:1?'],
    ],
    [
      'another frontend by an argument',
      good,
      { args: { BUILDKIT_SYNTAX: 'example/other' } },
      ['pinned-base:1?', 'add-url:1?', 'secret-in-env:1?'],
    ],
  ])('%s', (_, source, given, expected) => {
    expect(told(source, given)).toEqual(expected)
  })

  test('says why a base could not be judged', () => {
    expect(judge('FROM base-$BUILDARCH').unjudged).toEqual([
      { rule: 'pinned-base', line: 1, because: 'BUILDARCH depends on the builder' },
    ])
  })
})

describe('add-url', () => {
  test.each<[string, readonly string[]]>([
    ['ADD https://example.org/x /x', ['add-url:5']],
    ['ADD --checksum=sha256:abc https://example.org/x /x', []],
    ['ADD --checksum= https://example.org/x /x', ['add-url:5']],
    ['ADD ["https://example.org/a b", "/x"]', ['add-url:5']],
    ['ADD git@github.com:a/b.git /x', ['add-url:5']],
    ['ADD build@git.example:a/b.git /x', ['add-url:5']],
    [`ADD https://github.com/a/b.git#${'c'.repeat(40)} /x`, []],
    ['ADD https://github.com/a/b.git#main /x', ['add-url:5']],
    ['ARG U=https://example.org\nADD $U/x /x', ['add-url:6']],
    ['ADD ${MIRROR}/x /x', ['add-url:5?']],
    ['ADD x.tar /x', []],
    ['ADD a@b c /x', []],
    ['ADD <<https://x /x\nhttps://x\nUSER 1', []],
    ['COPY <<a-b /x\nADD https://example.org/x /x\na-b', []],
    ['RUN echo $((1<<N))\nADD https://example.org/x /x', ['add-url:6']],
  ])('%s', (line, expected) => {
    expect(told(`${good}\n${line}`)).toEqual(expected)
  })

  test('a password in the address is not shown', () => {
    expect(judge(`${good}\nADD https://me:hunter2@e.org/x /x`).findings[0]?.message).not.toContain('hunter2')
  })
})

describe('secret-in-env', () => {
  test.each<[string, readonly string[]]>([
    ['ENV API_KEY=abc', ['secret-in-env:5']],
    ['ENV DB_PASSWORD abc', ['secret-in-env:5']],
    ["ENV GREETING=it\\'s DB_PASSWORD=abc", ['secret-in-env:5']],
    ['ENV A=1 \\\n  DB_PASSWORD=abc', ['secret-in-env:5']],
    ['ARG NPM_TOKEN', ['secret-in-env:5']],
    ['ARG NPM_TOKEN=', []],
    ['ENV DB_PASSWORD=', []],
    ['ENV DB_PASSWORD=""', []],
    ['ENV MYSQL_ALLOW_EMPTY_PASSWORD=yes MYSQL_RANDOM_ROOT_PASSWORD=yes', []],
    ['ENV ALLOW_EMPTY_PASSWORD=1', []],
    ['ENV REQUIRE_TOKEN=on', []],
    ['ENV ACCESS_TOKEN=15m', []],
    ['ENV GOOGLE_APPLICATION_CREDENTIALS=/var/run/key.json', []],
    ['ENV PASSWORD_FILE=/run/secrets/x', []],
    [`ENV NOTE=ghp_${'a'.repeat(36)}`, ['secret-in-env:5']],
    ['ENV DATABASE=postgres://me:hunter2@db/x', ['secret-in-env:5']],
    ['ENV DATABASE=postgres://me:$PW@db/x', []],
    ['COPY <<site.conf /x\na=1\nsite.conf\nENV DB_PASSWORD=correct-horse', ['secret-in-env:8']],
    ['RUN cat <<EOF\nENV DB_PASSWORD=correct-horse\nEOF', []],
  ])('%s', (line, expected) => {
    expect(told(`${good}\n${line}`)).toEqual(expected)
  })

  test('a global argument counts', () => {
    expect(told(`ARG NPM_TOKEN\n${good}`)).toEqual(['secret-in-env:1'])
  })
})
