import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Stack } from '../stack.ts'

/** Objects of the Gateway API, or Traefik's own: an IngressRoute that sends to the Service, or to a TraefikService with its weights. */
export type RouteOf = 'HTTPRoute' | 'IngressRoute' | 'TraefikService'

/** A service behind a gateway of its own, as a stranger would deploy it. */
export interface Target {
  readonly namespace: string
  /** Of Deployment, Service, Gateway and route. */
  readonly name: string
  /** Left out: any, for requests of `path`. Traefik ranks a path above a host: it answers for every other target that is asked for this path. */
  readonly host?: string
  readonly path?: string
  readonly replicas: number
  /** What gives the service its traffic; left out: an HTTPRoute of a Gateway of its own. */
  readonly route?: RouteOf
  /** Added to the container. */
  readonly container: Readonly<Record<string, unknown>>
  /** Added to the pod. */
  readonly pod?: Readonly<Record<string, unknown>>
}

/** What a platform team gives to a new service: a namespace, and the deployer's rights in it. */
export async function handOver(stack: Stack, namespace: string): Promise<void> {
  const api = 'rbac.authorization.k8s.io'
  const file = written([
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } },
    {
      apiVersion: `${api}/v1`,
      kind: 'RoleBinding',
      metadata: { name: 'deployer', namespace },
      roleRef: { apiGroup: api, kind: 'ClusterRole', name: 'lab-deployer' },
      subjects: [{ apiGroup: api, kind: 'User', name: 'deployer' }],
    },
  ])
  await stack.kubectl('apply', '--filename', file)
}

/** A file with the manifests of the service. */
export const manifests = (target: Target): string => written(objectsOf(target))

export function objectsOf(target: Target): readonly object[] {
  const { namespace, name, replicas } = target
  const labels = { 'app.kubernetes.io/name': name, 'app.kubernetes.io/part-of': namespace }
  const metadata = { name, namespace, labels }
  return [
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata,
      spec: {
        replicas,
        selector: { matchLabels: { 'app.kubernetes.io/name': name } },
        template: { metadata: { labels }, spec: podOf(target) },
      },
    },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata,
      spec: {
        selector: { 'app.kubernetes.io/name': name },
        ports: [{ name: 'http', port: 80, targetPort: 'http' }],
      },
    },
    ...routesOf(target, metadata),
  ]
}

function routesOf(target: Target, metadata: object): readonly object[] {
  switch (target.route ?? 'HTTPRoute') {
    case 'HTTPRoute':
      return gatewayRoute(target, metadata)
    case 'IngressRoute':
      return [ingressRoute(target, metadata, [{ name: target.name, port: 80 }])]
    case 'TraefikService': {
      const services = [{ name: target.name, port: 80 }]
      return [
        ingressRoute(target, metadata, [{ kind: 'TraefikService', name: target.name }]),
        { apiVersion: traefik, kind: 'TraefikService', metadata, spec: { weighted: { services } } },
      ]
    }
  }
}

function gatewayRoute({ name, host, path }: Target, metadata: object): readonly object[] {
  const gateway = 'gateway.networking.k8s.io/v1'
  const matches = path && [{ path: { type: 'PathPrefix', value: path } }]
  const listener = { name: 'http', protocol: 'HTTP', port: 80, ...(host && { hostname: host }) }
  return [
    {
      apiVersion: gateway,
      kind: 'Gateway',
      metadata,
      spec: { gatewayClassName: 'traefik', listeners: [listener] },
    },
    {
      apiVersion: gateway,
      kind: 'HTTPRoute',
      metadata,
      spec: {
        parentRefs: [{ name }],
        ...(host && { hostnames: [host] }),
        rules: [{ ...(matches && { matches }), backendRefs: [{ name, port: 80 }] }],
      },
    },
  ]
}

const traefik = 'traefik.io/v1alpha1'

/** With a `&&` in its rule, whose escapes a patch has to write as the API server does. */
function ingressRoute({ host, path }: Target, metadata: object, services: readonly object[]): object {
  const match = [...(host ? [`Host(\`${host}\`)`] : []), `PathPrefix(\`${path ?? '/'}\`)`].join(' && ')
  const routes = [{ kind: 'Rule', match, services }]
  return { apiVersion: traefik, kind: 'IngressRoute', metadata, spec: { entryPoints: ['web'], routes } }
}

/** The pod's own part of a workload. */
export const podOf = ({ name, pod = {}, container }: Pick<Target, 'name' | 'pod' | 'container'>) => ({
  automountServiceAccountToken: false,
  terminationGracePeriodSeconds: 30,
  securityContext: { runAsNonRoot: true, runAsUser: 65_532, seccompProfile: { type: 'RuntimeDefault' } },
  ...pod,
  containers: [
    {
      name,
      ports: [{ name: 'http', containerPort: 8080 }],
      readinessProbe: { httpGet: { path: '/readyz', port: 'http' }, periodSeconds: 1, timeoutSeconds: 2 },
      resources: { requests: { cpu: '10m', memory: '48Mi' }, limits: { memory: '160Mi' } },
      securityContext: {
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      },
      ...container,
    },
  ],
})

/** A file for `kubectl` or for the action; texts are documents as they stand. */
export function written(objects: readonly (object | string)[]): string {
  const file = join(mkdtempSync(join(tmpdir(), 'rollouts-')), 'manifests.yaml')
  writeFileSync(
    file,
    objects.map((one) => (typeof one === 'string' ? one : JSON.stringify(one))).join('\n---\n'),
  )
  return file
}
