import { readFileSync } from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import { parseDockerfile } from '../dockerfile/dockerfile.ts'
import { isRoot, judgePractice } from './practice.ts'

const pin = `node@sha256:${'a'.repeat(64)}`
const good = `FROM ${pin}\nUSER 65532\nHEALTHCHECK CMD ["true"]\nCMD ["node"]`
const judge = (
  source: string,
  options: {
    target?: string
    testTarget?: string
    args?: Record<string, string>
    contexts?: Record<string, string>
  } = {},
) =>
  judgePractice(parseDockerfile(source), {
    target: options.target ?? '',
    testTarget: options.testTarget ?? '',
    buildArgs: new Map(Object.entries(options.args ?? {})),
    contexts: new Map(Object.entries(options.contexts ?? {})),
  })
const findings = (...given: Parameters<typeof judge>) =>
  judge(...given)?.findings.map(({ rule, line }) => `${rule}:${String(line)}`)

describe('judgePractice', () => {
  test('says nothing about a good Dockerfile', () => {
    expect(judge(good)).toEqual({ findings: [], open: [] })
  })

  test.each<[string, string, readonly string[]]>([
    ['root by name', `${good}\nUSER root`, ['non-root-user:5']],
    ['root by number', `${good}\nUSER 0:65532`, ['non-root-user:5']],
    ['root by a variable', `${good}\nENV U=0\nUSER $U`, ['non-root-user:6']],
    ['root only for a while', good.replace('USER 65532', 'USER root\nUSER 65532'), []],
    ['a health check that is switched off', `${good}\nHEALTHCHECK NONE`, ['healthcheck:5']],
    ['a base by tag', good.replace(pin, 'node:24'), ['pinned-base:1']],
    ['a base without a value', good.replace(pin, '${BASE}'), ['pinned-base:1']],
    ['a base from scratch', good.replace(pin, 'scratch'), []],
    ['an image to copy from', `${good}\nCOPY --from=busybox:1 a b`, ['pinned-base:5']],
    ['a stage that nothing uses', `FROM node:24 AS lint\n${good}`, []],
    ['ADD of a URL', `${good}\nADD https://example.org/x /x`, ['add-url:5']],
    ['ADD of a URL with a checksum', `${good}\nADD --checksum=sha256:abc https://example.org/x /x`, []],
    ['ADD of a git repository', `${good}\nADD git@github.com:a/b.git /x`, ['add-url:5']],
    ['ADD of a file', `${good}\nADD x.tar /x`, []],
    ['a secret in ENV', `${good}\nENV API_KEY=abc`, ['secret-in-env:5']],
    ['a secret in the old form of ENV', `${good}\nENV DB_PASSWORD abc`, ['secret-in-env:5']],
    ['a secret in ARG', `ARG NPM_TOKEN\n${good}`, ['secret-in-env:1']],
    ['a file that holds the secret', `${good}\nENV PASSWORD_FILE=/run/secrets/x`, []],
    ['CMD in shell form', good.replace('["node"]', 'node server.js'), ['exec-form:4']],
    ['ENTRYPOINT in shell form', `${good}\nENTRYPOINT node`, ['exec-form:5']],
    ['a shell form that is replaced', `FROM ${pin} AS a\nCMD node\n${good.replace(pin, 'a')}`, []],
  ])('%s', (_, source, expected) => {
    expect(findings(source)).toEqual(expected)
  })

  test('what a Dockerfile leaves to its base is open, with the line to change', () => {
    expect(judge(`FROM ${pin} AS a\nFROM a\nCMD ["x"]`)).toEqual({
      findings: [],
      open: [
        { rule: 'non-root-user', line: 2 },
        { rule: 'healthcheck', line: 2 },
      ],
    })
  })

  test('a user of the stage beneath counts', () => {
    expect(judge(`${good.replace(pin, `${pin} AS a`)}\nFROM a`)).toEqual({ findings: [], open: [] })
  })

  test('build arguments fill the base in, the stage of the tests is looked at too', () => {
    const source = `ARG BASE\nFROM $BASE AS run\nUSER 1\nHEALTHCHECK CMD ["a"]\nFROM alpine:3 AS test\nRUN true`
    expect(findings(source, { target: 'run', args: { BASE: pin } })).toEqual([])
    expect(findings(source, { target: 'run', testTarget: 'test', args: { BASE: pin } })).toEqual([
      'pinned-base:5',
    ])
  })

  test('a build context stands for the image of its name', () => {
    const source = good.replace(pin, 'base')
    expect(findings(source, { contexts: { base: `docker-image://${pin}` } })).toEqual([])
    expect(findings(source, { contexts: { base: 'docker-image://node:24' } })).toEqual(['pinned-base:1'])
    expect(findings(source, { contexts: { base: '../base' } })).toEqual([])
  })

  test('a target that is not there is for the builder to tell', () => {
    expect(judge(good, { target: 'nope' })).toBeNull()
  })

  test.each(['api-gateway', 'runner-service', 'segmentation-service', 'ai-orchestrator', 'archive-service'])(
    'the Dockerfile of %s keeps every rule',
    (service) => {
      const source = readFileSync(
        new URL(`../../../../services/${service}/Dockerfile`, import.meta.url),
        'utf8',
      )
      expect(judge(source, { testTarget: 'test', args: { NODE_IMAGE: pin, RUNTIME_IMAGE: pin } })).toEqual({
        findings: [],
        open: [],
      })
    },
  )
})

test.each<[string, boolean]>([
  ['', true],
  ['0', true],
  ['00', true],
  ['root:root', true],
  ['0:1000', true],
  ['1000', false],
  ['node', false],
])('isRoot(%j) is %p', (user, expected) => {
  expect(isRoot(user)).toBe(expected)
})
