import { describe, expect, test } from '@jest/globals'
import { Failure } from '@alt-las/failure'
import { readerFor } from '@alt-las/testing'
import { toMarkdown } from '@alt-las/outcome'
import { parse } from './inputs.ts'
import { outputsOf, summarize } from './summary.ts'
import { documentsOf } from './testing/documents.ts'
import { clusterWith, open } from './testing/cluster.ts'
import { deployment, image, pod, service } from './testing/objects.ts'
import { ports } from './testing/ports.ts'
import { fakeHttp, goodTls, reply } from './testing/wire.ts'
import { verify } from './verify.ts'

const actionYml = new URL('../action.yml', import.meta.url)
const inputs = (overrides: Record<string, string> = {}) =>
  parse(
    readerFor(actionYml, {
      namespace: 'shop',
      url: 'https://shop.example',
      'api-tests': 'tests.yaml',
      images: image,
      ...overrides,
    }),
    documentsOf([
      { service: 'web', image },
      { service: 'runner', image: image.replace('/web@', '/runner@') },
    ]),
  )
const connections = {
  'probe-image': image,
  'allowed-connections': 'web:80',
  'denied-connections': 'web -> db:5432',
}
const objects = [deployment(), pod(), ...service('web', true), ...service('db', true)]

describe('verify', () => {
  test('passes a healthy system, and says what it rests on', async () => {
    const given = ports({ cluster: () => clusterWith(objects) })
    const outcome = await verify(inputs(connections), given)
    expect(outcome.kind).toBe('passed')
    expect(outcome.because).toBe(
      'all 19 checks passed (2 of health, 1 of api, 16 of security); not checked: one thing, named in the summary',
    )
    expect(outputsOf(outcome)).toMatchObject({
      'passed-count': '19',
      'refused-count': '0',
      'p95-ms': '',
      'error-rate': '',
    })
    expect(given.written.get('junit.xml')).toContain(
      '<testsuites name="verify" tests="19" failures="0" errors="0"',
    )
  })

  test('refuses a pod that runs another digest than the released one', async () => {
    const other = `ghcr.io/alt-las/web@sha256:${'b'.repeat(64)}`
    const given = ports({ cluster: () => clusterWith([deployment(), pod({ imageID: other })]) })
    const outcome = await verify(inputs(), given)
    expect(outcome).toMatchObject({ kind: 'refused' })
    expect(outcome.because).toContain(`web-1 runs sha256:${'b'.repeat(64)}; released is sha256:aaaa`)
    expect(toMarkdown(summarize(outcome))).toContain('verify: refused')
  })

  test('accepts the platform manifest or the configuration, which the registry says belong to the digest', async () => {
    const config = `sha256:${'c'.repeat(64)}`
    const registry = { namesOf: () => Promise.resolve(new Set([config])) }
    const given = ports({ cluster: () => clusterWith([deployment(), pod({ imageID: config })]), registry })
    await expect(verify(inputs(), given)).resolves.toMatchObject({ kind: 'passed' })
  })

  test('refuses a release of which nothing runs', async () => {
    const absent = inputs({ images: `ghcr.io/alt-las/other@sha256:${'a'.repeat(64)}` })
    const outcome = await verify(absent, ports())
    expect(outcome.because).toContain('no pod of the verified workloads runs ghcr.io/alt-las/other')
  })

  test('judges of a release only the services that are deployed here, and says which are not', async () => {
    const outcome = await verify(inputs({ checks: 'health', images: 'outcomes/*/push-image.json' }), ports())
    expect(outcome.checks.map(({ name, outcome: found, because }) => [name, found, because])).toEqual([
      ['Deployment web', 'passed', '1 of 1 pods are ready'],
      [
        'released services',
        'passed',
        '1 of the 2 released services are deployed here; not here, and not judged: runner',
      ],
      ['image of web', 'passed', 'the one pod run sha256:aaaaaaaaaaaa'],
    ])
  })

  test('refuses documents of which no service is deployed here', async () => {
    const other = deployment('shop')
    const elsewhere = {
      ...other,
      spec: { ...other.spec, template: { spec: { containers: [{ name: 'shop', image: 'nginx:1' }] } } },
    }
    const cluster = () => clusterWith([elsewhere as typeof other])
    const outcome = await verify(
      inputs({ checks: 'health', images: 'outcomes/*/push-image.json' }),
      ports({ cluster }),
    )
    expect(outcome.because).toContain('no workload here belongs to a released service: web, runner')
  })

  test('refuses when a connection is open that must be closed', async () => {
    const outcome = await verify(
      inputs(connections),
      ports({ cluster: () => clusterWith(objects, () => open) }),
    )
    expect(outcome.because).toContain('connection web -> db:5432: must be closed, but is open (10.0.0.9:80)')
  })

  test('does not take the silence of a dead target for a policy', async () => {
    const dead = [deployment(), pod(), ...service('web', true), ...service('db', false)]
    const run = verify(inputs(connections), ports({ cluster: () => clusterWith(dead) }))
    await expect(run).rejects.toMatchObject({ code: 'checks-not-done' })
    await expect(run).rejects.toThrow('the target has no ready endpoint, so that its silence proves nothing')
  })

  test('does not believe an answer of the probe that has another form', async () => {
    const odd = { result: 'open', detail: 7, tries: 1 } as unknown as typeof open
    const run = verify(inputs(connections), ports({ cluster: () => clusterWith(objects, () => odd) }))
    await expect(run).rejects.toThrow('it ended with an answer that cannot be read')
  })

  test('removes its probes also when they fail, and takes away those of a killed run', async () => {
    const left = { ...pod({ name: 'verify-probe-old' }), status: { phase: 'Succeeded' as const } }
    const old = {
      ...left,
      metadata: { ...left.metadata, labels: { 'delivery.alt-las.dev/verify-probe': 'true' } },
    }
    const cluster = clusterWith([...objects, old])
    cluster.failNext({ verb: 'get', kind: 'Pod' }, new Failure('unavailable', 'gone', { fault: 'outside' }))
    await expect(verify(inputs(connections), ports({ cluster: () => cluster }))).rejects.toThrow(
      'could not be run: gone',
    )
    expect(cluster.all('Pod').map(({ metadata }) => metadata.name)).toEqual(['web-1'])
  })

  test('goes on with the others where one check cannot be done, and then fails', async () => {
    const tls = {
      ...goodTls,
      handshake: () => Promise.reject(new Failure('unreachable', 'no TLS', { fault: 'outside' })),
    }
    const given = ports({ tls })
    const run = verify(inputs(), given)
    await expect(run).rejects.toThrow('5 of 17 checks could not be done: TLS certificate: no TLS')
    expect(given.written.get('junit.xml')).toContain('errors="5"')
  })

  test('keeps checks, JUnit file, load and timings where it fails', async () => {
    const tls = {
      ...goodTls,
      handshake: () => Promise.reject(new Failure('unreachable', 'no TLS', { fault: 'outside' })),
    }
    const given = ports({ tls })
    const asked = inputs({ checks: 'health,api,security,load', rate: '10', duration: '2s' })
    await expect(verify(asked, given)).rejects.toMatchObject({ code: 'checks-not-done' })
    const { subject, evidence, outputs, timings } = given.known()
    expect(subject).toEqual({ target: 'shop' })
    expect(evidence).toMatchObject({
      url: 'https://shop.example/',
      load: { count: 20, errors: 0 },
      checks: expect.arrayContaining([expect.objectContaining({ name: 'TLS version', outcome: 'failed' })]),
    })
    expect(outputs).toMatchObject({
      junit: '/results/junit.xml',
      'passed-count': '14',
      'refused-count': '0',
      'error-rate': '0%',
    })
    expect(timings.map(({ name }) => name).sort()).toEqual(['api', 'health', 'load', 'security'])
    const shown = toMarkdown({ title: '', ...given.known().results })
    expect(shown).toContain('| ⚠️ | Security | 9 of 14 passed | TLS certificate: no TLS |')
    expect(shown).toContain('| ⚠️ | Security: TLS version | no TLS |')
    expect(shown).toContain('<summary>Health: all 2 passed</summary>')
    expect(shown).toContain('p95 ms')
    expect(given.known().results.findings?.map(({ title }) => title)).toEqual([
      'Security: TLS certificate',
      'Security: TLS version',
      'Security: TLS ciphers',
      'Security: headers',
      'Security: redirect to https',
    ])
  })

  test('fails the check of a workload that is absent, and does the others', async () => {
    const given = ports()
    const run = verify(inputs({ workloads: 'absent', images: '' }), given)
    await expect(run).rejects.toThrow(
      '2 of 8 checks could not be done: workloads: namespace shop has no workload absent',
    )
    expect(given.written.get('junit.xml')).toContain('<testcase classname="api" name="home"')
  })

  test('fails the checks inside a cluster that it cannot connect to, and does the others', async () => {
    const cluster = () => {
      throw new Failure('no-kubeconfig', 'there is no kubeconfig', { fault: 'input' })
    }
    const given = ports({ cluster })
    await expect(verify(inputs(), given)).rejects.toThrow('workloads: there is no kubeconfig')
    expect(given.known().outputs).toMatchObject({ 'passed-count': '6' })
  })

  test('does not call a waiver unneeded where the pods are unknown', async () => {
    const cluster = clusterWith([deployment()])
    const given = ports({ cluster: () => cluster })
    const run = verify(inputs({ checks: 'security', images: '', waivers: 'web/seccomp: old kernel' }), given)
    await expect(run).rejects.toThrow('pods of web: web has no pod to look at')
    await expect(run).rejects.not.toThrow('not needed any more')
  })

  test('refuses a waiver that is not needed any more', async () => {
    const outcome = await verify(inputs({ waivers: 'web/seccomp: old kernel' }), ports())
    expect(outcome.because).toContain('waivers: not needed any more, to be removed: web/seccomp')
  })

  test('names the operations of the API that no test covers', async () => {
    const document = {
      openapi: '3.1.0',
      paths: { '/': { get: { responses: { 200: { content: { '*/*': {} } } } } }, '/orders': { post: {} } },
    }
    const http = fakeHttp((path) => reply(path === '/openapi.json' ? { body: JSON.stringify(document) } : {}))
    const outcome = await verify(
      inputs({ checks: 'api', images: '', openapi: '/openapi.json' }),
      ports({ http }),
    )
    expect(outcome.evidence).toMatchObject({ uncovered: ['POST /orders'] })
    expect(outcome.checks.at(-1)?.because).toBe('1 of 2 operations are covered; not covered: POST /orders')
  })

  test('ends with one sentence when it is interrupted, and keeps what was found until then', async () => {
    const abort = new AbortController()
    const http = fakeHttp(() => {
      abort.abort(new Error('interrupted by SIGTERM'))
      throw new Error('aborted')
    })
    const given = ports({ http, interrupted: abort.signal })
    await expect(verify(inputs({ checks: 'health,api,security' }), given)).rejects.toThrow(
      'interrupted by SIGTERM: the verification is not complete; nothing was changed',
    )
    expect(given.known().outputs).toMatchObject({ junit: '/results/junit.xml', 'passed-count': '2' })
    expect(given.known().evidence).toMatchObject({ checks: [{ kind: 'health' }, { kind: 'health' }] })
    expect(toMarkdown({ title: '', ...given.known().results })).toContain('| API | did not run |')
  })

  test('waits for what can still become ready, and not longer than asked', async () => {
    const waiting = { ...deployment(), status: { observedGeneration: 1, replicas: 1, readyReplicas: 0 } }
    const outcome = await verify(
      inputs({ checks: 'health', images: '', 'ready-timeout': '5s' }),
      ports({ cluster: () => clusterWith([waiting]) }),
    )
    expect(outcome.because).toContain('not ready after 5s: 0 of 1 pods are ready')
  })
})
