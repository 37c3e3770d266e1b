import { readFileSync } from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import { Failure } from '@alt-las/failure'
import { readerFor, recording } from '@alt-las/testing'
import { parse as parseYaml } from 'yaml'
import { parse } from './inputs.ts'
import { documentsOf } from './testing/documents.ts'

const actionYml = new URL('../action.yml', import.meta.url)
const digest = `sha256:${'a'.repeat(64)}`
const image = `ghcr.io/alt-las/api-gateway@${digest}`
const imagesAt = (pattern: string) => {
  if (pattern !== 'outcomes/*/push-image.json')
    throw new Failure('no-outcome-document', `${pattern} matches no file`, { fault: 'input' })
  return [{ service: 'api-gateway', image }]
}
const documents = { ...documentsOf(), imagesAt }
const least = { namespace: 'atlas-production', url: 'https://alt-las.lab', 'api-tests': 'tests.yaml' }
const reading = (overrides: Record<string, string>) =>
  parse(readerFor(actionYml, { ...least, ...overrides }), documents)

describe('the inputs', () => {
  test('are exactly those of action.yml', () => {
    const { read, names } = recording(readerFor(actionYml, least))
    parse(read, documents)
    const declared = parseYaml(readFileSync(actionYml, 'utf8')) as { readonly inputs: object }
    expect([...names].sort()).toEqual(Object.keys(declared.inputs).sort())
  })

  test('have defaults that verify health, API and security, and no load', () => {
    const { checks, health, api, security, load } = reading({})
    expect(checks).toEqual(['health', 'api', 'security'])
    expect(health).toMatchObject({ images: [], readyTimeoutMs: 120_000 })
    expect(api).toMatchObject({ openapi: null, timeoutMs: 10_000 })
    expect(security).toMatchObject({
      network: { probeImage: null, allowed: [], denied: [] },
      transport: { minCertificateDays: 14 },
    })
    expect(load).toBeNull()
  })

  test('become one plan per check', () => {
    const inputs = reading({
      checks: 'health, security, load',
      images: `${image}\npostgres=docker.io/library/postgres@${digest}`,
      rate: '12.5',
      'max-p95': '300ms',
      'probe-image': image,
      'denied-connections': 'postgres:5432',
      'allowed-connections': 'archive-service -> postgres:5432',
      waivers: 'postgres/read-only-root: it writes its socket',
    })
    expect(inputs.api).toBeNull()
    expect(inputs.health?.images).toMatchObject([
      { workload: null, repository: 'ghcr.io/alt-las/api-gateway', digest },
      { workload: 'postgres', repository: 'docker.io/library/postgres', digest },
    ])
    expect(inputs.load).toMatchObject({
      rate: 12.5,
      warmUpMs: 5000,
      thresholds: { maxErrorRate: 0.001, maxP95Ms: 300, maxP99Ms: null },
      baseline: null,
    })
    expect(inputs.security).toMatchObject({
      network: {
        probeImage: image,
        denied: [{ from: null, host: 'postgres', port: 5432 }],
        allowed: [{ from: 'archive-service', host: 'postgres', port: 5432 }],
      },
      waivers: [{ workload: 'postgres', rule: 'read-only-root', reason: 'it writes its socket' }],
    })
  })

  test('a search for the capacity begins at the rate, at a quarter of the target, or low', () => {
    const planned = (given: Record<string, string>) =>
      reading({ checks: 'capacity', 'max-p95': '300ms', ...given }).capacity
    expect(planned({})).toMatchObject({ startRate: 10, mostRate: 1000, targetRate: null, headroom: 0.3 })
    expect(planned({ 'target-rate': '200' })).toMatchObject({ startRate: 50, targetRate: 200 })
    expect(planned({ 'target-rate': '200', rate: '7' })).toMatchObject({ startRate: 7, stepMs: 15_000 })
  })

  test('images may be outcome documents of a release', () => {
    const images = `outcomes/*/push-image.json\npostgres=docker.io/library/postgres@${digest}`
    expect(reading({ images }).health?.images).toMatchObject([
      { workload: null, service: 'api-gateway', repository: 'ghcr.io/alt-las/api-gateway', digest },
      { workload: 'postgres', service: null, repository: 'docker.io/library/postgres', digest },
    ])
    const act = () => reading({ images: 'outcomes/none.json', url: 'ftp://x' })
    expect(act).toThrow(
      '2 inputs are wrong:\n- images: outcomes/none.json matches no file\n- url: got "ftp://x"',
    )
  })

  test.each([
    [{}, { kind: 'all' }],
    [{ 'part-of': 'shop' }, { kind: 'part-of', name: 'shop' }],
    [{ workloads: 'web\nstatefulset/db' }, { kind: 'named', names: ['web', 'statefulset/db'] }],
  ])('%j selects %j', (overrides, workloads) => {
    const { health, security } = reading(overrides as Record<string, string>)
    expect(health?.selection).toEqual({ namespace: 'atlas-production', workloads })
    expect(security?.selection).toEqual(health?.selection)
  })

  test.each([
    ['/openapi.json', { kind: 'served', path: '/openapi.json' }],
    ['docs/openapi.yaml', { kind: 'file', path: 'docs/openapi.yaml' }],
  ])('the OpenAPI document %s is %j', (openapi, source) => {
    expect(reading({ openapi }).api?.openapi).toEqual(source)
  })

  test.each([
    [{ namespace: '' }, 'namespace: is required by the checks health, security, capacity and monitor'],
    [{ 'part-of': 'x', workloads: 'y' }, 'part-of, workloads: give one of the two, got both'],
    [{ url: '' }, 'url: is required by the checks api, load and capacity'],
    [{ 'api-tests': '' }, 'api-tests: is required by the check api'],
    [{ 'openapi-requests': 'safe' }, 'openapi-requests: is given without `openapi`'],
    [{ checks: 'load' }, 'rate: is required by the check load'],
    [{ rate: '5' }, 'rate: is given, but `checks` holds neither load nor capacity'],
    [{ checks: 'load', rate: '90000', duration: '1h' }, 'rate, duration: more than 1000000 requests in all'],
    [
      { 'metrics-url': 'https://me:secret@host' },
      'metrics-url: got "https://…@host", expected the Prometheus',
    ],
    [{ 'metrics-url': 'scrape+http://host' }, 'expected the Prometheus that scrapes the services'],
    [{ 'metrics-token': 'x' }, 'metrics-token: is given without metrics-url'],
    [
      { checks: 'api', namespace: '', 'metrics-url': 'http://x' },
      'namespace: is required beside metrics-url',
    ],
    [{ baseline: 'v.json' }, 'baseline: is given, but `checks` does not hold load'],
    [
      { checks: 'load', rate: '20', baseline: 'v.json' },
      'rate, baseline: got 20 and a baseline of 10 requests per second, expected the same rate',
    ],
    [{ checks: 'capacity' }, 'max-p95, max-p99: one of them is required by the check capacity'],
    [{ checks: 'capacity', 'max-p95': '1s', 'capacity-step': '1s' }, 'capacity-step: expected at least 5s'],
    [{ 'target-rate': '5' }, 'target-rate: is given, but `checks` does not hold capacity'],
    [{ checks: 'api', images: image }, 'images: is given, but `checks` does not hold health'],
    [{ 'denied-connections': 'a:1' }, 'probe-image: is required to try connections'],
    [{ 'denied-connections': 'a:1', 'probe-image': image }, 'allowed-connections: at least one is required'],
    [{ checks: 'health', 'allowed-connections': 'a:1' }, 'but `checks` does not hold security'],
    [{ 'registry-username': 'me' }, 'registry-username, registry-password: give both or none'],
    [
      { images: 'ghcr.io/alt-las/x:1.0' },
      'images: got "ghcr.io/alt-las/x:1.0", expected an image with its digest',
    ],
    [{ 'probe-image': 'node:24' }, 'probe-image: got "node:24", expected an image with its digest'],
    [{ 'denied-connections': 'postgres' }, 'expected host:port, or workload -> host:port'],
    [{ 'allowed-connections': 'a:70000' }, 'expected host:port'],
    [{ waivers: 'postgres/anything: because' }, 'expected <workload>/<rule>: <reason>'],
    [{ waivers: 'postgres/seccomp' }, 'expected <workload>/<rule>: <reason>'],
    [{ url: 'ftp://x' }, 'url: got "ftp://x", expected a URL'],
    [{ checks: '' }, 'checks: is required, got nothing'],
    [{ rate: '-1' }, 'expected requests per second'],
    [{ 'max-p95': '300' }, 'max-p95: got "300", expected a duration'],
  ])('%j is a problem: %s', (overrides, problem) => {
    expect(() => reading(overrides as Record<string, string>)).toThrow(problem)
  })

  test('are all reported together, those between inputs too', () => {
    const act = () => reading({ namespace: '', url: '', 'registry-username': 'me' })
    expect(act).toThrow('3 inputs are wrong')
  })

  test('never repeat a password that is in a URL', () => {
    expect(() => reading({ url: 'https://me:hunter2@host' })).toThrow(/^((?!hunter2).)*$/s)
  })
})
