import type { Clock } from '@alt-las/time'
import type { AccessReviews } from '../types/access.ts'
import { accessReviewsOver } from './access.ts'
import { accepted, createApi, type Api } from './api.ts'
import type {
  At,
  Cluster,
  Denial,
  DryRun,
  Existence,
  JsonPatch,
  Limit,
  NodeProxy,
  PassThrough,
  Permission,
  ServiceProxy,
} from '../types/cluster.ts'
import { connection, type Connection } from './connection.ts'
import { existenceOver } from './existence.ts'
import { findTarget, type TargetOptions } from './find-target.ts'
import type { KubeObject } from '../types/objects.ts'
import { atOf, describeAt, groupPath, listAt, onlyName, query } from './paths.ts'
import { passThroughOver } from './pass-through.ts'
import { isAbsent, isFailedTest, refusal } from './refusal.ts'
import { watching } from './watch.ts'

export interface Connected {
  readonly cluster: Cluster & DryRun
  readonly proxy: ServiceProxy
  readonly nodes: NodeProxy
  readonly passThrough: PassThrough
  readonly access: AccessReviews
  readonly existence: Existence
  /** For messages. */
  readonly server: string
  readonly context: string
  /** The context's namespace, if it names one. */
  readonly namespace: string | null
  /** Closes idle connections, so that the process may end. */
  close(): void
}

/** Field manager of JSON patches; `apply` names its own. */
const manager = 'alt-las-delivery'

/** Makes no request: a wrong kubeconfig fails here (`bad-kubeconfig`), a dead cluster at the first verb. */
export function connect(options: TargetOptions, clock: Clock): Connected {
  const target = findTarget(options)
  const wire = connection(target, { ...options, clock })
  const anonymous = connection({ ...target, credentials: {} }, { ...options, clock })
  const api = createApi(wire, clock)
  return {
    cluster: clusterOver(api, wire, clock),
    proxy: proxyOver(api),
    nodes: nodesOver(api),
    passThrough: passThroughOver(wire, clock),
    access: accessReviewsOver(api, anonymous),
    existence: existenceOver(api),
    server: target.server.origin,
    context: target.context,
    namespace: target.namespace ?? null,
    close: () => {
      wire.close()
      anonymous.close()
    },
  }
}

export function clusterOver(api: Api, wire: Connection, clock: Clock): Cluster & DryRun {
  return {
    get: async <T extends KubeObject>(at: At) => {
      const what = `get ${describeAt(at)}`
      const answer = await api.ask({ method: 'GET', path: await api.path(at) }, { what, repeatable: true })
      return isAbsent(answer) ? null : (accepted(answer, what) as T)
    },
    list: async <T extends KubeObject>(at: At) => (await listAll(api, at)).items as readonly T[],
    watch: (at, signal) => watching({ api, wire, clock, list: () => listAll(api, at) }, at, signal),
    ...writing(api),
    may: async (permissions) => {
      const denials = await Promise.all(permissions.map((one) => review(api, one)))
      return denials.filter((one) => one !== null)
    },
    log: async (at, { container, previous, tailLines }) => {
      const what = `read the log of ${describeAt({ ...at, kind: 'Pod' })}`
      const path = await api.path({ ...at, apiVersion: 'v1', kind: 'Pod' })
      const options = query({ container, previous, tailLines, limitBytes: 1_000_000 })
      const answer = await api.ask(
        { method: 'GET', path: `${path}/log${options}` },
        { what, repeatable: true },
      )
      // 400 = no such container yet, or no previous one; 204 = no node has taken the pod yet: the log does not exist.
      if (answer.status === 400 || answer.status === 204) throw refusal({ ...answer, status: 404 }, what)
      if (answer.status !== 200) throw refusal(answer, what)
      // The kubelet's answer for a log that it has discarded.
      const lost = /^(unable to retrieve container logs|failed to try resolving symlinks)/.test(answer.text)
      if (lost) throw refusal({ status: 404, text: answer.text }, what)
      return answer.text
    },
  }
}

function writing(api: Api): Pick<Cluster & DryRun, 'apply' | 'dryRun' | 'patch' | 'remove'> {
  return {
    apply: (object, fieldManager, limit) => applied(api, object, { fieldManager, limit }),
    dryRun: (object, fieldManager) => applied(api, object, { fieldManager, dryRun: 'All' }),
    patch: async <T extends KubeObject>(at: At, operations: readonly JsonPatch[], limit?: Limit) => {
      const what = `patch ${describeAt(at)}`
      const path = (await api.path(at)) + query({ fieldManager: manager })
      const request = { method: 'PATCH', path, contentType: 'application/json-patch+json' } as const
      const repeatable = operations.every(({ op }) => op === 'replace')
      const answer = await api.ask({ ...request, body: operations }, { what, repeatable, limit })
      const swapped = isFailedTest(answer) && operations.some(({ op }) => op === 'test')
      if (swapped) throw refusal({ status: 409, text: 'a tested value has changed' }, what)
      return accepted(answer, what) as T
    },
    remove: async (at, only, limit) => {
      const what = `delete ${describeAt(at)}`
      const body = {
        apiVersion: 'v1',
        kind: 'DeleteOptions',
        propagationPolicy: 'Background',
        preconditions: only,
      }
      const answer = await api.ask(
        { method: 'DELETE', path: await api.path(at), body },
        { what, repeatable: true, limit },
      )
      if (!isAbsent(answer)) accepted(answer, what)
    },
  }
}

interface Applying {
  readonly fieldManager: string
  readonly dryRun?: 'All'
  readonly limit?: Limit | undefined
}

async function applied<T extends KubeObject>(
  api: Api,
  object: T,
  { fieldManager, dryRun, limit }: Applying,
): Promise<T> {
  const at = atOf(object)
  const what = `${dryRun === undefined ? 'apply' : 'apply (dry run)'} ${describeAt(at)}`
  const { namespaced } = await api.resource(at)
  const metadata = unmanaged(object, namespaced)
  const path = (await api.path(at)) + query({ fieldManager, force: true, dryRun })
  const request = { method: 'PATCH', path, contentType: 'application/apply-patch+yaml' } as const
  // With a version it is a compare-and-swap, whose second try would meet its own first.
  const repeatable = dryRun !== undefined || metadata.resourceVersion === undefined
  const answer = await api.ask({ ...request, body: { ...object, metadata } }, { what, repeatable, limit })
  return accepted(answer, what) as T
}

// The server refuses an applied object that carries the bookkeeping of field managers, or a namespace where its kind has none.
function unmanaged({ metadata }: KubeObject, namespaced: boolean): KubeObject['metadata'] {
  const kept = Object.entries(metadata).filter(
    ([name]) => name !== 'managedFields' && (namespaced || name !== 'namespace'),
  )
  return Object.fromEntries(kept) as unknown as KubeObject['metadata']
}

export function proxyOver(api: Api): ServiceProxy {
  return {
    get: async ({ namespace, name, port }, path) => {
      const what = `read ${path.split('?')[0] ?? ''} of service ${namespace}/${name}:${port} through the API server`
      const service = `${groupPath('v1')}/namespaces/${namespace}/services/${name}:${port}/proxy${path}`
      // The caller of the proxy has its own retries.
      const answer = await api.ask({ method: 'GET', path: service }, { what, repeatable: true, attempts: 1 })
      if (answer.status < 200 || answer.status > 299) throw refusal(answer, what)
      return answer.text
    },
  }
}

export function nodesOver(api: Api): NodeProxy {
  return {
    get: async (node, path) => {
      const what = `read ${path} of node ${node} through the API server`
      const full = `${groupPath('v1')}/nodes/${encodeURIComponent(node)}/proxy${path}`
      const answer = await api.ask({ method: 'GET', path: full }, { what, repeatable: true, attempts: 1 })
      if (answer.status < 200 || answer.status > 299) throw refusal(answer, what)
      return answer.text
    },
  }
}

/** Every page of a list, and the version it is of. Items get the kind that the server leaves out of lists. */
async function listAll(api: Api, at: At): Promise<{ items: readonly KubeObject[]; version: string }> {
  const what = `list ${describeAt(at)}`
  const path = await api.path(listAt(at))
  const selectors = { labelSelector: at.labelSelector, fieldSelector: onlyName(at) }
  const items: KubeObject[] = []
  for (let token = ''; ;) {
    const options = query({ ...selectors, limit: 500, continue: token })
    const answer = await api.ask({ method: 'GET', path: path + options }, { what, repeatable: true })
    const page = accepted(answer, what) as Page
    for (const item of page.items) items.push({ ...item, apiVersion: at.apiVersion, kind: at.kind })
    token = page.metadata.continue ?? ''
    if (token === '') return { items, version: page.metadata.resourceVersion }
  }
}

interface Page {
  readonly items: readonly KubeObject[]
  readonly metadata: { readonly resourceVersion: string; readonly continue?: string }
}

async function review(api: Api, permission: Permission): Promise<Denial | null> {
  const { verb, group, namespace, name } = permission
  const [resource, subresource] = permission.resource.split('/')
  const body = {
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SelfSubjectAccessReview',
    spec: { resourceAttributes: { verb, group, namespace, name, resource, subresource } },
  }
  const what = `ask whether ${verb} ${permission.resource} is allowed`
  const path = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews'
  const answer = await api.ask({ method: 'POST', path, body }, { what, repeatable: true })
  const { status } = accepted(answer, what) as { status: { allowed: boolean; reason?: string } }
  return status.allowed ? null : { ...permission, because: status.reason ?? 'no rule grants it' }
}
