import { afterEach, describe, expect, test } from '@jest/globals'
import { fakeClock, wire, type Wire, type WireAnswer, type WireRequest } from '@alt-las/testing'
import { connect } from './client.ts'
import type { JsonPatch } from '../types/cluster.ts'
import type { KubeObject } from '../types/objects.ts'

const open: Wire[] = []
afterEach(async () => {
  for (const one of open.splice(0)) await one.close()
})

const resources = {
  resources: [
    { name: 'configmaps', kind: 'ConfigMap', namespaced: true },
    { name: 'namespaces', kind: 'Namespace', namespaced: false },
    { name: 'pods', kind: 'Pod', namespaced: true },
    { name: 'pods/log', kind: 'Pod', namespaced: true },
  ],
}
const status = (code: number, reason: string, message: string, details?: object): WireAnswer => ({
  status: code,
  body: { kind: 'Status', reason, message, code, details },
})
const map = (version = '1') => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'c', namespace: 'ns', uid: 'u', resourceVersion: version },
})
const at = { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'ns', name: 'c' }
const swap: readonly JsonPatch[] = [
  { op: 'test', path: '/data/a', value: '1' },
  { op: 'replace', path: '/data/a', value: '2' },
]

/** A server that knows the kinds, and answers everything else in the order of `answers`, the last one for ever. */
async function world(answers: readonly WireAnswer[], user = 'token: sesame') {
  let index = 0
  const server = await wire(({ path }) => {
    if (path === '/api/v1') return { status: 200, body: resources }
    const answer = answers[Math.min(index, answers.length - 1)]
    index += 1
    return answer ?? { status: 500 }
  })
  open.push(server)
  const kubeconfig = `
current-context: c
contexts: [{name: c, context: {cluster: k, user: u}}]
clusters: [{name: k, cluster: {server: "${server.url}"}}]
users: [{name: u, user: {${user}}}]
`
  const clock = fakeClock()
  const connected = connect({ kubeconfig, context: null, environment: {} }, clock)
  const asked = (): readonly WireRequest[] => server.requests.filter(({ path }) => path !== '/api/v1')
  return { ...connected, clock, asked }
}

describe('a request', () => {
  test('goes to the plural in its namespace, with the token', async () => {
    const { cluster, asked } = await world([{ status: 200, body: map() }])
    expect(await cluster.get(at)).toEqual(map())
    await cluster.get({ apiVersion: 'v1', kind: 'Namespace', name: 'ns' })
    expect(asked().map(({ path }) => path)).toEqual([
      '/api/v1/namespaces/ns/configmaps/c',
      '/api/v1/namespaces/ns',
    ])
    expect(asked()[0]?.headers.authorization).toBe('Bearer sesame')
  })

  test.each([
    [503, 'unavailable'],
    [500, 'unavailable'],
    [504, 'timeout'],
    [429, 'unavailable'],
  ])('with the answer %i is tried again, and the number of tries is told', async (code, kind) => {
    const { cluster, asked } = await world([status(code, 'X', 'overloaded')])
    await expect(cluster.get(at)).rejects.toMatchObject({ code: kind })
    await expect(cluster.get(at)).rejects.toThrow('get ConfigMap ns/c failed after 5 tries')
    expect(asked()).toHaveLength(10)
  })

  test.each([
    [400, 'invalid'],
    [401, 'forbidden'],
    [403, 'forbidden'],
    [409, 'conflict'],
    [410, 'gone'],
    [422, 'invalid'],
    [418, 'kubernetes'],
  ])('with the answer %i is final: %s', async (code, kind) => {
    const { cluster, asked } = await world([status(code, 'X', 'no')])
    await expect(cluster.get(at)).rejects.toMatchObject({ code: kind })
    expect(asked()).toHaveLength(1)
  })

  test('waits as long as the server asks for', async () => {
    const { cluster, clock } = await world([
      { status: 429, body: {}, headers: { 'retry-after': '7' } },
      { status: 200, body: map() },
    ])
    await cluster.get(at)
    expect(clock.slept).toEqual([7000])
  })

  test('that is refused says which rule is missing', async () => {
    const message =
      'configmaps "c" is forbidden: User "deployer" cannot patch resource "configmaps" in API group "" in the namespace "ns"'
    const { cluster } = await world([status(403, 'Forbidden', message)])
    await expect(cluster.patch(at, swap)).rejects.toMatchObject({
      code: 'forbidden',
      hint: 'grant deployer the verb patch on configmaps in namespace ns',
    })
  })
})

describe('get', () => {
  test('absent is null, and only where the API server says that it is', async () => {
    const { cluster } = await world([status(404, 'NotFound', 'configmaps "c" not found')])
    expect(await cluster.get(at)).toBeNull()
    const proxy = await world([{ status: 404, body: '<h1>Not Found</h1>' }])
    await expect(proxy.cluster.get(at)).rejects.toMatchObject({ code: 'not-found' })
  })

  test('a kind that the cluster does not know is named with its remedy', async () => {
    const { cluster } = await world([])
    await expect(cluster.get({ ...at, kind: 'HTTPRoute' })).rejects.toThrow(
      'the cluster has no kind HTTPRoute of v1',
    )
  })

  test('a connection that is cut is opened again', async () => {
    const { cluster, asked } = await world(['cut', { status: 200, body: map() }])
    expect(await cluster.get(at)).toEqual(map())
    expect(asked()).toHaveLength(2)
  })
})

describe('list', () => {
  test('reads every page and gives items the kind that lists leave out', async () => {
    const page = (name: string, token?: string): WireAnswer => ({
      status: 200,
      body: { items: [{ metadata: { name } }], metadata: { resourceVersion: '9', continue: token } },
    })
    const { cluster, asked } = await world([page('a', 'next'), page('b')])
    const found = await cluster.list({ ...at, name: 'c', labelSelector: 'x=y' })
    expect(found.map(({ kind, metadata }) => `${kind} ${metadata.name}`)).toEqual([
      'ConfigMap a',
      'ConfigMap b',
    ])
    expect(asked().map(({ path }) => decodeURIComponent(path.split('?')[1] ?? ''))).toEqual([
      'labelSelector=x=y&fieldSelector=metadata.name=c&limit=500',
      'labelSelector=x=y&fieldSelector=metadata.name=c&limit=500&continue=next',
    ])
  })
})

describe('a write', () => {
  test('apply forces its fields as the named manager and leaves the bookkeeping out', async () => {
    const { cluster, asked } = await world([{ status: 200, body: map() }])
    const object = { ...map(), metadata: { name: 'c', namespace: 'ns', managedFields: [{}] } }
    await cluster.apply(object as KubeObject, 'me')
    expect(asked()[0]).toMatchObject({
      method: 'PATCH',
      path: '/api/v1/namespaces/ns/configmaps/c?fieldManager=me&force=true',
      body: '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"c","namespace":"ns"}}',
    })
    expect(asked()[0]?.headers['content-type']).toBe('application/apply-patch+yaml')
  })

  test('a dry run is an apply of which the server stores nothing, and is tried again whatever version it names', async () => {
    const { cluster, asked } = await world(['cut', { status: 200, body: map() }])
    expect(await cluster.dryRun(map(), 'me')).toEqual(map())
    expect(asked()[1]?.path).toBe('/api/v1/namespaces/ns/configmaps/c?fieldManager=me&force=true&dryRun=All')
  })

  test('a failed test of a patch is a conflict; the same answer without a test is invalid', async () => {
    const vague = status(422, 'Invalid', 'the server rejected our request due to an error in our request', {})
    const { cluster } = await world([vague])
    await expect(cluster.patch(at, swap)).rejects.toMatchObject({ code: 'conflict' })
    await expect(cluster.patch(at, swap.slice(1))).rejects.toMatchObject({ code: 'invalid' })
  })

  test('a compare-and-swap whose answer was lost is not tried again: it may have been done', async () => {
    const { cluster, asked } = await world(['cut', { status: 200, body: map() }])
    await expect(cluster.patch(at, swap)).rejects.toMatchObject({ code: 'unavailable' })
    expect(asked()).toHaveLength(1)
    const other = await world(['cut', { status: 200, body: map() }])
    await expect(other.cluster.apply(map(), 'me')).rejects.toMatchObject({ code: 'unavailable' })
    expect(other.asked()).toHaveLength(1)
  })

  test('what the server did not begin is tried again, also a compare-and-swap', async () => {
    const busy: WireAnswer = { status: 503, body: {}, headers: { 'retry-after': '1' } }
    const { cluster, asked } = await world([busy, { status: 200, body: map() }])
    await cluster.patch(at, swap)
    expect(asked()).toHaveLength(2)
  })

  test('removing what is gone already is success; another object of the same name is a conflict', async () => {
    const gone = await world([status(404, 'NotFound', 'gone')])
    await gone.cluster.remove(at, { uid: 'u' })
    expect(JSON.parse(gone.asked()[0]?.body ?? '')).toMatchObject({
      propagationPolicy: 'Background',
      preconditions: { uid: 'u' },
    })
    const other = await world([status(409, 'Conflict', 'the UID in the precondition does not match')])
    await expect(other.cluster.remove(at, { uid: 'u' })).rejects.toMatchObject({ code: 'conflict' })
  })
})

describe('watch', () => {
  const listed = (version: string, ...items: object[]): WireAnswer => ({
    status: 200,
    body: { items, metadata: { resourceVersion: version } },
  })
  const event = (type: string, version: string) => ({ type, object: map(version) })

  test('resumes at its version, and after 410 gives only the differences', async () => {
    const { cluster, asked } = await world([
      listed('1', map('1')),
      {
        lines: [event('MODIFIED', '2'), { type: 'BOOKMARK', object: { metadata: { resourceVersion: '5' } } }],
      },
      {
        lines: [
          { type: 'ERROR', object: { kind: 'Status', code: 410, reason: 'Expired', message: 'too old' } },
        ],
      },
      listed('9'),
      { lines: [event('ADDED', '10')] },
    ])
    const stop = new AbortController()
    const seen: string[] = []
    for await (const one of cluster.watch(at, stop.signal)) {
      seen.push('object' in one ? `${one.type} ${one.object.metadata.resourceVersion ?? ''}` : one.type)
      if (one.type === 'added' && seen.length > 2) stop.abort()
    }
    // A deletion has the version of the list that no longer has the object.
    const first = ['added 1', 'alive', 'modified 2', 'alive', 'lost']
    expect(seen).toEqual([...first, 'lost', 'deleted 9', 'alive', 'added 10'])
    const versions = asked().flatMap(
      ({ path }) => new URLSearchParams(path.split('?')[1]).get('resourceVersion') ?? [],
    )
    expect(versions).toEqual(['1', '5', '9'])
  })

  test('a right that is missing ends it at once, a server that hangs up five times too', async () => {
    const next = async (answers: readonly WireAnswer[]) => {
      const { cluster } = await world(answers)
      for await (const seen of cluster.watch(at, new AbortController().signal)) void seen
    }
    await expect(next([listed('1'), status(403, 'Forbidden', 'no')])).rejects.toMatchObject({
      code: 'forbidden',
    })
    await expect(next([listed('1'), 'cut'])).rejects.toMatchObject({ code: 'unavailable' })
    await expect(next([listed('1'), { lines: [] }])).rejects.toThrow('ended the connection at once')
  })
})

describe('the other verbs', () => {
  test('may lists what is denied, with the subresource apart', async () => {
    const { cluster, asked } = await world([
      { status: 201, body: { status: { allowed: true } } },
      { status: 201, body: { status: { allowed: false } } },
    ])
    const permission = { verb: 'get', resource: 'pods/log', group: '', namespace: 'ns' }
    const denied = await cluster.may([permission, { ...permission, verb: 'create' }])
    expect(denied).toHaveLength(1)
    expect(denied[0]?.because).toBe('no rule grants it')
    expect(JSON.parse(asked()[0]?.body ?? '')).toMatchObject({
      spec: { resourceAttributes: { resource: 'pods', subresource: 'log' } },
    })
  })

  test('a log that is not there is not an empty log', async () => {
    const pod = { apiVersion: 'v1', kind: 'Pod', namespace: 'ns', name: 'p' }
    const lost = { status: 200, body: 'unable to retrieve container logs for containerd://1' }
    const refused = status(400, 'BadRequest', 'previous terminated container "a" in pod "p" not found')
    const { cluster, asked } = await world([{ status: 200, body: 'line' }, refused, { status: 204 }, lost])
    expect(await cluster.log(pod, { container: 'a', tailLines: 3 })).toBe('line')
    expect(asked()[0]?.path).toContain('/pods/p/log?container=a&tailLines=3')
    for (const previous of [true, false, false])
      await expect(cluster.log(pod, { previous })).rejects.toMatchObject({ code: 'not-found' })
  })

  test('a Service is asked through the proxy once, with its query', async () => {
    const { proxy, asked } = await world([
      { status: 200, body: 'ok' },
      { status: 503, body: 'no endpoints' },
    ])
    const service = { namespace: 'ns', name: 'prometheus', port: '9090' }
    expect(await proxy.get(service, '/api/v1/query?query=up')).toBe('ok')
    expect(asked()[0]?.path).toBe(
      '/api/v1/namespaces/ns/services/prometheus:9090/proxy/api/v1/query?query=up',
    )
    await expect(proxy.get(service, '/')).rejects.toMatchObject({ code: 'unavailable' })
    expect(asked()).toHaveLength(2)
  })
})
