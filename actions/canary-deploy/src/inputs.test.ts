import { readFileSync } from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import { parseApiTests } from '@alt-las/api-tests'
import { pushedImage } from '@alt-las/outcome'
import { type DocumentOverrides, outcomeDocument, readerFor, recording } from '@alt-las/testing'
import { parse as parseYaml } from 'yaml'
import { evidenceOf } from './evidence.ts'
import { parse } from './inputs.ts'
import { outputsOf } from './summary/summary.ts'

const actionYml = new URL('../action.yml', import.meta.url)
const digest = `sha256:${'a'.repeat(64)}`
const given = {
  namespace: 'shop',
  deployment: 'web',
  image: `ghcr.io/alt-las/web@${digest}`,
  manifests: 'kubernetes',
  'metrics-url': 'service://shop/prometheus:9090',
}
const smokeAt = (path: string) => parseApiTests(files[path] ?? '', path)
const files: Readonly<Record<string, string>> = {
  'good.yaml': 'tests: [{ name: home, request: { path: / } }]',
  'bad.yaml': 'tests: [{ name: a, request: { path: no }, extra: 1 }]',
  'own.yaml':
    'tests: [{ name: login, request: { path: /me, headers: { Authorization: x, Host: y } } }, { name: c, request: { path: /a//b }, expect: { headers: { Cache-Control: no-store } } }]',
  'exact.yaml': 'tests: [{ name: e, request: { path: / }, expect: { json: { $.id: 9007199254740993 } } }]',
  'large.yaml': `tests: [{ name: l, request: { path: /, method: POST, body: ${'x'.repeat(70_000)} } }]`,
}
const imageAt = (path: string) =>
  pushedImage(JSON.stringify(outcomeDocument('push-image', documents[path])), path).image
const documents: Readonly<Record<string, DocumentOverrides<'push-image'>>> = {
  'outcomes/web/push-image.json': {},
  'outcomes/refused/push-image.json': { outcome: 'refused', because: 'the scan refused it' },
  'outcomes/preflight/push-image.json': { evidence: { operation: 'preflight', image: null } },
  'outcomes/tag/push-image.json': { evidence: { image: 'ghcr.io/alt-las/web:v1' } },
}
const parsed = (overrides: Record<string, string> = {}) =>
  parse(readerFor(actionYml, { ...given, ...overrides }), { imageAt, smokeAt })

describe('inputs', () => {
  test('every input of action.yml is read, and no other', () => {
    const { read, names } = recording(readerFor(actionYml, given))
    parse(read, { imageAt, smokeAt })
    const yml = parseYaml(readFileSync(actionYml, 'utf8')) as { inputs: object; outputs: object }
    expect([...names].sort()).toEqual(Object.keys(yml.inputs).sort())
    const outputs = [
      ...Object.keys(
        outputsOf({ kind: 'passed', because: '', targets: [], evidence: evidenceOf('deploy', []) }),
      ),
      'outcome',
      'because',
      'report',
    ]
    expect(outputs.sort()).toEqual(Object.keys(yml.outputs).sort())
  })

  test('the defaults are those of action.yml', () => {
    expect(parsed()).toMatchObject({
      operation: 'deploy',
      strategy: 'canary',
      router: 'auto',
      steps: { pauseAtPreview: false, steps: 'auto' },
      rollbackWindow: { ms: 600_000, quietMs: 30_000 },
      judging: {
        risk: 0.01,
        errorMargin: 1.2,
        latencyMargin: 1.1,
        bake: { ms: 300_000, quietMs: 30_000 },
        maxDurationMs: 2_700_000,
        onUndecided: 'abort',
      },
      gate: 'enforce',
    })
  })

  test('API tests are read from their files, all of them', () => {
    expect(parsed()).toMatchObject({ smoke: [] })
    expect(parsed({ smoke: 'good.yaml\ngood.yaml' })).toMatchObject({
      smoke: [{ name: 'home' }, { name: 'home' }],
    })
    const act = () => parsed({ smoke: 'bad.yaml\nown.yaml\nexact.yaml\nlarge.yaml' })
    for (const sentence of [
      'bad.yaml is not a file of API tests',
      "own.yaml: login: got GET /me, expected what the API server's proxy carries unchanged: the header authorization is read by the API server",
      'the header host is set by',
      'the path /a//b is cleaned by',
      'the header cache-control of the answer is written by the API server',
      'exact.yaml: e: got an expected integer beyond 2^53',
      'got tests of 70 KiB, expected at most 64 KiB: they are saved with the plan in a ConfigMap',
    ])
      expect(act).toThrow(sentence)
  })

  test('an audience needs weights after it, a router that reads requests, and time', () => {
    expect(parsed()).toMatchObject({ audience: null })
    const audience = 'cookie: beta=1\nhold: 2h'
    expect(parsed({ audience, timeout: '4h' })).toMatchObject({
      audience: { kind: 'cookie', name: 'beta', value: '1', holdMs: 7_200_000 },
    })
    // By default it is as long as the longest way.
    expect(parsed({ audience })).toMatchObject({ timeoutMs: 200 * 60_000 })
    const short = () => parsed({ audience, timeout: '60m' })
    expect(short).toThrow('expected a time below that of the run: raise `timeout`')
    expect(() => parsed({ audience, timeout: '4h', router: 'replicas' })).toThrow(
      'audience: got cookie: beta=1, hold: 2h00m, expected off: the router replicas splits connections',
    )
    expect(() => parsed({ audience, timeout: '4h', strategy: 'blue-green' })).toThrow(
      'blue-green has no weights that an audience could come before',
    )
  })

  test('all problems are told together, those over several inputs too', () => {
    const act = () =>
      parsed({ image: 'ghcr.io/alt-las/web:v1', steps: '50%,10%', 'metrics-url': '', risk: '0%' })
    expect(act).toThrow('4 inputs are wrong')
    expect(act).toThrow(
      /- image: got "ghcr.io\/alt-las\/web:v1", expected repository@sha256:.*a tag can be moved/,
    )
    expect(act).toThrow('- steps: got 10% after 50%, expected weights that grow')
    expect(act).toThrow('- risk: got 0%, expected more than 0%')
    expect(act).toThrow(
      '- metrics-url: is required, got nothing: a version without metrics is never promoted',
    )
  })

  test.each([
    ['image', 'web@sha256:abc'],
    ['image', 'ghcr.io/x/y'],
    ['namespace', 'Shop'],
    ['deployment', '../x'],
    ['route', 'a/b/c'],
    ['metrics-url', 'ftp://x'],
    ['metrics-url', 'https://user:secret@host'],
    ['metrics-url', 'scrape+ftp://x'],
    ['metrics', 'prometheus'],
    ['error-margin', '1.2'],
    ['error-margin', '0.5x'],
    ['operation', 'destroy'],
    ['strategy', 'recreate'],
    ['router', 'nginx'],
    ['pause-at', '20%'],
    ['guard-image', 'kubectl:latest'],
    ['on-undecided', 'hope'],
    ['steps', '10'],
    ['timeout', '1 h'],
  ])('%s = %s is refused', (name, value) => {
    expect(() => parsed({ [name]: value })).toThrow(new RegExp(`^${name}: got `))
  })

  test('image may be the outcome document of a push', () => {
    expect(parsed({ image: 'outcomes/web/push-image.json' })).toMatchObject({ image: given.image })
  })

  test.each([
    ['refused', 'got the outcome refused (the scan refused it), expected passed: nothing was pushed'],
    ['preflight', 'got operation preflight, expected push: it names no image'],
    ['tag', 'got the image "ghcr.io/alt-las/web:v1", expected name@sha256:…'],
  ])('a document of a push that is %s is one problem among all', (name, why) => {
    const path = `outcomes/${name}/push-image.json`
    const act = () => parsed({ image: path, risk: '0%' })
    expect(act).toThrow(`2 inputs are wrong:\n- image: ${path}: ${why}\n- risk: got 0%`)
  })

  test.each([
    ['blue-green', 'pause-at', '50%', 'blue-green has no steps'],
    ['blue-green', 'router', 'traefik', 'blue-green switches the Service itself'],
    ['rolling', 'pause-at', 'preview', 'a rolling update has no point to stop at'],
  ])('%s cannot honour %s = %s', (strategy, name, value, why) => {
    expect(() => parsed({ strategy, [name]: value })).toThrow(why)
  })

  test('a rolling update needs no metrics', () => {
    expect(parsed({ strategy: 'rolling', 'metrics-url': '' })).toMatchObject({ source: { metricsUrl: null } })
  })

  test('rollback and status need no image, no manifests and no metrics', () => {
    const bare = { image: '', manifests: '', 'metrics-url': '', deployment: '' }
    expect(parsed({ ...bare, operation: 'rollback' })).toMatchObject({
      deployment: null,
      source: { metricsUrl: null },
    })
    expect(parsed({ ...bare, operation: 'status' })).toEqual({
      operation: 'status',
      namespace: 'shop',
      deployment: null,
      kubeconfig: null,
      context: null,
      gate: 'enforce',
    })
  })
})
