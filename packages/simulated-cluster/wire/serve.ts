// The server as HTTP, so that the real client runs against it.
import { Failure } from '@alt-las/failure'
import type { Answer, Ask, At, Connection, JsonPatch, KubeObject, Preconditions } from '@alt-las/kubernetes'
import { asSeen } from '../server/watch.ts'
import { placeFits } from '../server/place.ts'
import type { FakeCluster } from '../server/api-server.ts'
import { parsePath, resources, type Parsed } from './parse-path.ts'

/** The simulated server as HTTP: requests in, status and JSON out. The real client can be put in front of it. */
export function serve(cluster: FakeCluster): Connection {
  return {
    ask: async (request) => {
      try {
        return await answered(cluster, request)
      } catch (error) {
        if (error instanceof Failure) return refusalOf(error, request)
        throw error
      }
    },
    stream: (path, signal) => streamed(cluster, parsePath(path), signal),
    close: () => undefined,
  }
}

async function answered(cluster: FakeCluster, request: Ask): Promise<Answer> {
  const parsed = parsePath(request.path)
  const { at, query, kind } = parsed
  if (kind === 'resources') return json(200, { resources: resources() })
  if (kind === 'log') return { status: 200, text: await cluster.log(at, logOptions(query)) }
  if (kind === 'proxy') return proxied(cluster, parsed)
  switch (request.method) {
    case 'POST':
      return reviewed(cluster, request.body)
    // Only another service is asked in these ways.
    case 'PUT':
    case 'HEAD':
      return { status: 405, text: '' }
    case 'DELETE': {
      const { preconditions = {} } = request.body as { readonly preconditions?: Preconditions }
      if ((await cluster.get(at)) === null) return absent(at)
      await cluster.remove(at, preconditions)
      return json(200, { kind: 'Status', status: 'Success' })
    }
    case 'PATCH':
      return json(200, await patched(cluster, parsed, request))
    case 'GET': {
      if (at.name === undefined) {
        const items = await cluster.list({ ...at, ...selectors(query) })
        return json(200, { items, metadata: { resourceVersion: String(cluster.version()) } })
      }
      const found = await cluster.get(at)
      return found === null ? absent(at) : json(200, found)
    }
  }
}

function patched(cluster: FakeCluster, { at, query }: Parsed, request: Ask): Promise<KubeObject> {
  if (request.contentType !== 'application/apply-patch+yaml')
    return cluster.patch(at, request.body as readonly JsonPatch[])
  const [object, manager] = [request.body as KubeObject, query.get('fieldManager') ?? '']
  return query.get('dryRun') === 'All' ? cluster.dryRun(object, manager) : cluster.apply(object, manager)
}

async function proxied(cluster: FakeCluster, { at, rest }: Parsed): Promise<Answer> {
  const { namespace = '', name = '' } = at
  const [service = '', port = ''] = name.split(':')
  return { status: 200, text: await cluster.proxy.get({ namespace, name: service, port }, rest) }
}

async function reviewed(cluster: FakeCluster, body: unknown): Promise<Answer> {
  const { spec } = body as { readonly spec: { readonly resourceAttributes: Attributes } }
  const { resource, subresource, ...attributes } = spec.resourceAttributes
  const permission = {
    ...attributes,
    resource: subresource === undefined ? resource : `${resource}/${subresource}`,
  }
  const [denial] = await cluster.may([permission])
  return json(201, { status: { allowed: denial === undefined, reason: denial?.because } })
}

interface Attributes {
  readonly verb: string
  readonly group: string
  readonly resource: string
  readonly subresource?: string
}

/** Everything that changes from now on; the real client has listed just before. A version that is past is gone (410). */
async function* streamed(
  cluster: FakeCluster,
  { at, query }: Parsed,
  signal: AbortSignal,
): AsyncGenerator<string | Answer> {
  const place: At = { ...at, ...selectors(query) }
  if (query.get('resourceVersion') !== String(cluster.version())) {
    yield json(410, { kind: 'Status', reason: 'Expired', message: 'too old resource version' })
    return
  }
  const fits = placeFits(place)
  for await (const seen of cluster.watch(place, signal)) {
    if (!('object' in seen)) continue
    const isOld =
      seen.type === 'added' &&
      Number(seen.object.metadata.resourceVersion) <= Number(query.get('resourceVersion'))
    if (isOld) continue
    const told = asSeen(seen, {
      was: seen.type !== 'added',
      is: seen.type === 'deleted' || fits(seen.object),
    })
    if (told !== null) yield JSON.stringify({ type: told.type.toUpperCase(), object: told.object })
  }
}

function selectors(query: URLSearchParams): Pick<At, 'labelSelector' | 'fieldSelector'> {
  const found = (['labelSelector', 'fieldSelector'] as const).map((name) => [name, query.get(name)] as const)
  return Object.fromEntries(found.filter(([, value]) => value !== null))
}

function logOptions(query: URLSearchParams) {
  const container = query.get('container')
  return { ...(container === null ? {} : { container }), previous: query.get('previous') === 'true' }
}

const json = (status: number, body: unknown): Answer => ({ status, text: JSON.stringify(body) })

const absent = ({ kind, name = '' }: At): Answer =>
  json(404, { kind: 'Status', reason: 'NotFound', message: `${kind} "${name}" not found` })

const statuses: Readonly<Record<string, readonly [status: number, reason: string]>> = {
  'not-found': [404, 'NotFound'],
  conflict: [409, 'Conflict'],
  invalid: [422, 'Invalid'],
  forbidden: [403, 'Forbidden'],
  gone: [410, 'Expired'],
}

/** A failed `test` of a JSON patch is a 422 that says nothing, as the real server's. */
function refusalOf({ code, message }: Failure, { contentType }: Ask): Answer {
  const isTest =
    contentType === 'application/json-patch+json' && /^testing value|the path does not exist$/.test(message)
  if (isTest) {
    const vague = 'the server rejected our request due to an error in our request'
    return json(422, { kind: 'Status', reason: 'Invalid', message: vague })
  }
  const [status, reason] = statuses[code] ?? [500, 'InternalError']
  return json(status, { kind: 'Status', reason, message, details: { causes: [{ message }] } })
}
