import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { digestOf, mediaTypes } from '@alt-las/registry'

/** One request as the registry saw it. */
export interface SeenRequest {
  readonly method: string
  /** Path with query. */
  readonly path: string
  readonly authorization: string | null
  readonly bodySize: number
}

/**
 * What happens to a request: `serve` it; `reset` the connection before it is served, or `serve-then-reset`, so that its answer is lost;
 * or answer something else and leave the state as it is.
 */
export type Fate =
  | 'serve'
  | 'reset'
  | 'serve-then-reset'
  | { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: string }

export interface WireRegistryOptions {
  /** Asked for each request of the registry proper, numbered from 1. */
  readonly fate?: (request: SeenRequest, number: number) => Fate
  /** What is asked for before anything is served. `bearer` comes with a token server that checks the same name and password. */
  readonly auth?: { readonly kind: 'basic' | 'bearer'; readonly username: string; readonly password: string }
  /** Tags on one page. Default 1000. */
  readonly pageSize?: number
  /** Whether it has the referrers API. Default false, as GHCR and docker-registry 2.8. */
  readonly referrers?: boolean
}

export interface WireRegistry {
  /** `127.0.0.1:port` */
  readonly host: string
  readonly requests: readonly SeenRequest[]
  /** Bytes of blobs that travelled here, also twice. */
  readonly receivedBytes: () => number
  /** Everything that is kept, to compare: `blob alt-las/x sha256:…`, `manifest …`, `tag alt-las/x v1 sha256:…`, sorted. */
  readonly state: () => readonly string[]
  readonly setTag: (repository: string, tag: string, digest: string) => void
  /** As a registry that cleans up wrongly: manifests and tags stay. */
  readonly loseBlob: (repository: string, digest: string) => void
  readonly close: () => Promise<void>
}

interface Store {
  readonly blobs: Map<string, Map<string, Buffer>>
  readonly manifests: Map<string, Map<string, { readonly type: string; readonly bytes: Buffer }>>
  readonly tags: Map<string, Map<string, string>>
}

interface Turn {
  readonly method: string
  readonly url: URL
  readonly body: Buffer
  readonly type: string
}

interface Answer {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: Buffer | string
}

/** A registry on a real socket of this machine: the distribution API as far as a push and a pull need it, with faults on demand. */
export async function startRegistry(options: WireRegistryOptions = {}): Promise<WireRegistry> {
  const store: Store = { blobs: new Map(), manifests: new Map(), tags: new Map() }
  const requests: SeenRequest[] = []
  let received = 0
  const server = createServer((incoming, response) => {
    void serve(incoming, response).catch(() => incoming.socket.destroy())
  })
  const serve = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(incoming.url ?? '/', `http://${incoming.headers.host ?? 'localhost'}`)
    const body = await bodyOf(incoming)
    const turn = { method: incoming.method ?? '', url, body, type: incoming.headers['content-type'] ?? '' }
    const authorization = incoming.headers.authorization ?? null
    if (url.pathname === '/token') {
      reply(response, tokenFor(authorization, options.auth))
      return
    }
    const seen = {
      method: turn.method,
      path: url.pathname + url.search,
      authorization,
      bodySize: body.length,
    }
    requests.push(seen)
    const fate = options.fate?.(seen, requests.length) ?? 'serve'
    if (fate === 'reset') {
      incoming.socket.destroy()
      return
    }
    if (typeof fate === 'object') {
      reply(response, fate)
      return
    }
    const demand = demandOf(authorization, options.auth, url)
    if (demand === null && turn.method === 'PUT' && url.pathname.includes('/blobs/uploads/'))
      received += body.length
    const answer = demand ?? route(turn, store, options)
    if (fate === 'serve-then-reset') incoming.socket.destroy()
    else reply(response, answer, turn.method === 'HEAD')
  }
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    host: `127.0.0.1:${port}`,
    requests,
    receivedBytes: () => received,
    state: () => stateOf(store),
    setTag: (repository, tag, digest) => {
      within(store.tags, repository).set(tag, digest)
    },
    loseBlob: (repository, digest) => {
      store.blobs.get(repository)?.delete(digest)
    },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => {
          resolve()
        })
      }),
  }
}

async function bodyOf(incoming: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of incoming as AsyncIterable<Buffer>) chunks.push(chunk)
  return Buffer.concat(chunks)
}

function reply(response: ServerResponse, { status, headers, body }: Answer, headOnly = false): void {
  response.writeHead(status, { ...headers, 'content-length': String(Buffer.byteLength(body ?? '')) })
  response.end(headOnly ? undefined : body)
}

function demandOf(authorization: string | null, auth: WireRegistryOptions['auth'], url: URL): Answer | null {
  if (auth === undefined) return null
  if (auth.kind === 'basic') {
    return authorization === basic(auth) ? null : unauthorized('Basic realm="lab"')
  }
  if (authorization === 'Bearer a-token') return null
  return unauthorized(`Bearer realm="${url.origin}/token",service="lab",scope="repository:x:pull"`)
}

function tokenFor(authorization: string | null, auth: WireRegistryOptions['auth']): Answer {
  if (auth === undefined || authorization !== basic(auth))
    return { status: 403, body: errorBody('DENIED', 'no') }
  return { status: 200, body: JSON.stringify({ token: 'a-token', expires_in: 300 }) }
}

function basic({ username, password }: { readonly username: string; readonly password: string }): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`
}

function unauthorized(challenge: string): Answer {
  return {
    status: 401,
    headers: { 'www-authenticate': challenge },
    body: errorBody('UNAUTHORIZED', 'log in'),
  }
}

function errorBody(code: string, message: string): string {
  return JSON.stringify({ errors: [{ code, message }] })
}

function route(
  turn: Turn,
  store: Store,
  { pageSize = 1000, referrers = false }: WireRegistryOptions,
): Answer {
  const listed = referrers ? /^\/v2\/(.+)\/referrers\/(.*)$/.exec(turn.url.pathname) : null
  if (listed !== null) return referrersOf(store, listed[1] ?? '', listed[2] ?? '')
  const match = /^\/v2\/(.+)\/(blobs\/uploads|blobs|manifests|tags)\/(.*)$/.exec(turn.url.pathname)
  if (match === null) return { status: turn.url.pathname === '/v2/' ? 200 : 404 }
  const [, repository = '', kind, rest = ''] = match
  if (kind === 'blobs/uploads') return upload(turn, store, repository)
  if (kind === 'blobs')
    return content(store.blobs.get(repository)?.get(rest), rest, 'application/octet-stream')
  if (kind === 'tags') return tagList(turn, store, { repository, pageSize })
  if (turn.method === 'PUT') return putManifest(turn, store, { repository, reference: rest })
  const tagged = store.tags.get(repository)?.get(rest)
  const digest = tagged ?? rest
  const found = store.manifests.get(repository)?.get(digest)
  // A tag that a test has set by hand has no content; where it points is what matters.
  return content(found?.bytes ?? (tagged === undefined ? undefined : Buffer.of()), digest, found?.type ?? '')
}

function upload({ method, url, body }: Turn, store: Store, repository: string): Answer {
  if (method === 'DELETE') return { status: 204 }
  if (method === 'POST') {
    const from = url.searchParams.get('from') ?? ''
    const wanted = url.searchParams.get('mount') ?? ''
    const sibling = store.blobs.get(from)?.get(wanted)
    if (sibling === undefined)
      return { status: 202, headers: { location: `/v2/${repository}/blobs/uploads/1?_state=a%20b` } }
    within(store.blobs, repository).set(wanted, sibling)
    return { status: 201 }
  }
  const digest = url.searchParams.get('digest') ?? ''
  if (url.searchParams.get('_state') !== 'a b')
    return { status: 404, body: errorBody('BLOB_UPLOAD_UNKNOWN', '') }
  if (digestOf(body) !== digest) return { status: 400, body: errorBody('DIGEST_INVALID', 'other bytes') }
  within(store.blobs, repository).set(digest, body)
  return { status: 201, headers: { 'docker-content-digest': digest } }
}

interface Named {
  readonly digest: string
  readonly mediaType?: string
}

function putManifest(
  { body, type }: Turn,
  store: Store,
  at: { repository: string; reference: string },
): Answer {
  const digest = digestOf(body)
  const isTag = !at.reference.startsWith('sha256:')
  if (!isTag && at.reference !== digest)
    return { status: 400, body: errorBody('DIGEST_INVALID', 'other bytes') }
  const { config, layers, manifests } = JSON.parse(body.toString()) as Record<string, Named[] | undefined> & {
    config?: Named
  }
  const blobs = [...(config === undefined ? [] : [config]), ...(layers ?? [])]
  const isForeign = ({ mediaType = '' }: Named) => mediaType.includes('.nondistributable.')
  const lacksBlob = blobs.some(
    (one) => !isForeign(one) && store.blobs.get(at.repository)?.has(one.digest) !== true,
  )
  const lacksChild = (manifests ?? []).some(
    (one) => store.manifests.get(at.repository)?.has(one.digest) !== true,
  )
  if (lacksBlob || lacksChild)
    return { status: 400, body: errorBody('MANIFEST_BLOB_UNKNOWN', 'push it first') }
  within(store.manifests, at.repository).set(digest, { type, bytes: body })
  if (isTag) within(store.tags, at.repository).set(at.reference, digest)
  return { status: 201, headers: { 'docker-content-digest': digest } }
}

function referrersOf(store: Store, repository: string, subject: string): Answer {
  const manifests = [...(store.manifests.get(repository) ?? [])].flatMap(([digest, { type, bytes }]) => {
    if (bytes.length === 0) return []
    const document = JSON.parse(bytes.toString()) as Readonly<Record<string, unknown>> & { subject?: Named }
    const { artifactType, annotations } = document
    if (document.subject?.digest !== subject) return []
    return [{ mediaType: type, digest, size: bytes.length, artifactType, annotations }]
  })
  return {
    status: 200,
    headers: { 'content-type': mediaTypes.index },
    body: JSON.stringify({ schemaVersion: 2, mediaType: mediaTypes.index, manifests }),
  }
}

function tagList({ url }: Turn, store: Store, at: { repository: string; pageSize: number }): Answer {
  const tags = store.tags.get(at.repository)
  if (tags === undefined) return { status: 404, body: errorBody('NAME_UNKNOWN', 'no such repository') }
  const last = url.searchParams.get('last') ?? ''
  const rest = [...tags.keys()].sort().filter((tag) => tag > last)
  const page = rest.slice(0, at.pageSize)
  const next = `</v2/${at.repository}/tags/list?n=${at.pageSize}&last=${page.at(-1) ?? ''}>; rel="next"`
  return {
    status: 200,
    headers: rest.length > page.length ? { link: next } : {},
    body: JSON.stringify({ name: at.repository, tags: page }),
  }
}

function content(bytes: Buffer | undefined, digest: string, type: string): Answer {
  if (bytes === undefined) return { status: 404, body: errorBody('NOT_FOUND', 'unknown') }
  return { status: 200, headers: { 'content-type': type, 'docker-content-digest': digest }, body: bytes }
}

function within<V>(map: Map<string, Map<string, V>>, repository: string): Map<string, V> {
  const found = map.get(repository) ?? new Map<string, V>()
  map.set(repository, found)
  return found
}

function stateOf({ blobs, manifests, tags }: Store): readonly string[] {
  const names = (kind: string, all: Map<string, Map<string, unknown>>) =>
    [...all].flatMap(([repository, inside]) =>
      [...inside.keys()].map((key) => `${kind} ${repository} ${key}`),
    )
  const pointers = [...tags].flatMap(([repository, inside]) =>
    [...inside].map(([tag, digest]) => `tag ${repository} ${tag} ${digest}`),
  )
  return [...names('blob', blobs), ...names('manifest', manifests), ...pointers].sort()
}
