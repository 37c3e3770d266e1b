import type { EndpointSlice, KubeObject, Pod, Service, Workload } from '@alt-las/kubernetes'
import { fakeCluster, fakeClock, silentLog, type FakeCluster } from '@alt-las/testing'
import type { Http, Reply } from './http.ts'
import { probeLabel } from './probe-pod.ts'
import type { Attempted, ProbeAnswer } from './probe-script.ts'
import type { Handshake } from './tls.ts'
import type { VerifyPorts } from './verify.ts'

/** Builders of what a healthy system looks like; a test overrides what it is about. */
export const digest = `sha256:${'a'.repeat(64)}`
export const image = `ghcr.io/alt-las/web@${digest}`

const hardened = {
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  capabilities: { drop: ['ALL'] },
}
const podSpec: Pod['spec'] = {
  securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
  containers: [{ name: 'web', image, securityContext: hardened }],
}

export function pod(
  overrides: { readonly name?: string; readonly imageID?: string; readonly spec?: Pod['spec'] } = {},
): Pod {
  const { name = 'web-1', imageID = image, spec = podSpec } = overrides
  const status = { name: 'web', ready: true, restartCount: 0, imageID, state: { running: {} } }
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'shop', uid: name, labels: { app: 'web', 'pod-template-hash': 'x' } },
    spec,
    status: { phase: 'Running', containerStatuses: [status] },
  }
}

export function deployment(name = 'web'): Workload {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace: 'shop', generation: 1, labels: { 'app.kubernetes.io/part-of': 'shop' } },
    spec: {
      replicas: 1,
      selector: { matchLabels: { app: name } },
      template: { metadata: { labels: { app: name } }, spec: podSpec },
    },
    status: {
      observedGeneration: 1,
      replicas: 1,
      updatedReplicas: 1,
      readyReplicas: 1,
      availableReplicas: 1,
    },
  }
}

export function service(name: string, ready: boolean): readonly KubeObject[] {
  const own: Service = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace: 'shop' },
    spec: { clusterIP: '10.0.0.9', selector: { app: name } },
  }
  const slice: EndpointSlice = {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { name: `${name}-1`, namespace: 'shop', labels: { 'kubernetes.io/service-name': name } },
    endpoints: ready ? [{ addresses: ['10.1.0.4'], conditions: { ready: true } }] : [],
  }
  return [own, slice]
}

export const open: ProbeAnswer = { result: 'open', detail: '10.0.0.9:80', tries: 1 }
export const silent: ProbeAnswer = { result: 'silent', detail: 'no answer within 2 s', tries: 2 }

/** A cluster whose kubelet runs every probe at once and answers for it. */
export function clusterWith(
  objects: readonly KubeObject[],
  answer: (one: Attempted, labels: Readonly<Record<string, string>>) => ProbeAnswer = (one) =>
    one.expect === 'open' ? open : silent,
): FakeCluster {
  const cluster = fakeCluster({ objects })
  cluster.hooks.afterCall = ({ verb, body }) => {
    const applied = body as Pod
    if (verb !== 'apply' || applied.metadata.labels?.[probeLabel] === undefined) return
    const { labels = {} } = applied.metadata
    const attempts = JSON.parse(applied.spec.containers[0]?.args?.[3] ?? '[]') as readonly Attempted[]
    const message = JSON.stringify(attempts.map((one) => answer(one, labels)))
    const terminated = { exitCode: 0, message }
    const status = { name: 'probe', ready: false, restartCount: 0, state: { terminated } }
    cluster.put({ ...applied, status: { phase: 'Succeeded', containerStatuses: [status] } } as Pod)
  }
  return cluster
}

export function reply(overrides: Partial<Reply> = {}): Reply {
  return { status: 200, headers: { 'content-type': 'application/json' }, body: '{}', ms: 5, ...overrides }
}

export function fakeHttp(answer: (path: string, baseUrl: URL) => Reply | Promise<Reply>): Http {
  return { send: async (baseUrl, request) => answer(request.path, baseUrl) }
}

export const goodHandshake: Handshake = {
  protocol: 'TLSv1.3',
  chainProblem: null,
  nameProblem: null,
  validTo: Date.UTC(2026, 5, 1),
}

export function ports(
  overrides: Partial<VerifyPorts> = {},
): VerifyPorts & { readonly written: Map<string, string> } {
  const written = new Map<string, string>()
  return {
    cluster: clusterWith([deployment(), pod()]),
    registry: { namesOf: () => Promise.resolve(new Set()) },
    http: fakeHttp((_, url) =>
      url.protocol === 'http:'
        ? reply({ status: 301, headers: { location: `https://${url.hostname}/` } })
        : reply(),
    ),
    tls: { handshake: () => Promise.resolve(goodHandshake), accepts: () => Promise.resolve(false) },
    files: {
      read: () => Promise.resolve('tests: [{ name: home, request: { path: / } }]'),
      write: (name, text) => {
        written.set(name, text)
        return Promise.resolve(`/results/${name}`)
      },
    },
    clock: fakeClock(),
    log: silentLog(),
    interrupted: new AbortController().signal,
    unique: 'u1',
    written,
    ...overrides,
  }
}
