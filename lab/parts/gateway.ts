import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseAllDocuments } from 'yaml'
import { addresses } from '../addresses.ts'
import type { Lab } from '../base/lab.ts'
import type { Part } from '../base/part.ts'
import { statePart } from '../base/part.ts'
import { moduleFolder } from '../build/go.ts'
import { gatewayApi, goBuilds, istioApi, platformImages } from '../versions.ts'
import { apply, type Manifest } from './apply.ts'
import { kubectl, kubectlSays } from './control-plane.ts'

const namespace = 'traefik-system'
const name = 'traefik'
const labels = { 'app.kubernetes.io/name': name }

/** The resources of the Gateway API and of Traefik, from the modules that the gateway is built with, and of Istio the VirtualService. */
export const gatewayResources = statePart('gateway resources', async (lab) => {
  const standard = join(await moduleFolder(lab, gatewayApi), 'config', 'crd', 'standard')
  const files = [standard, await traefikResources(lab)]
  const apply = ['apply', '--server-side', '--force-conflicts', '--field-manager=lab']
  await kubectl(lab, [...apply, ...files.flatMap((file) => ['-f', file])])
  await kubectl(lab, [...apply, '-f', '-'], await virtualServices(lab))
  await kubectl(lab, [
    'wait',
    '--for=condition=Established',
    'crd/gateways.gateway.networking.k8s.io',
    'crd/httproutes.gateway.networking.k8s.io',
    'crd/ingressroutes.traefik.io',
    'crd/virtualservices.networking.istio.io',
  ])
})

async function traefikResources(lab: Lab): Promise<string> {
  const build = goBuilds.find((one) => one.name === name)
  if (build === undefined) throw new Error(`versions.ts names no build ${name}`)
  const folder = await moduleFolder(lab, build.module)
  return join(folder, 'docs/content/reference/dynamic-configuration/kubernetes-crd-definition-v1.yml')
}

/** Istio's file holds fourteen definitions; the others have nothing to serve here. */
async function virtualServices(lab: Lab): Promise<string> {
  const file = join(await moduleFolder(lab, istioApi), 'kubernetes', 'customresourcedefinitions.gen.yaml')
  const wanted = parseAllDocuments(readFileSync(file, 'utf8')).map((one) => one.toJS() as Manifest | null)
  return JSON.stringify(
    wanted.find((one) => one?.metadata.name === 'virtualservices.networking.istio.io') ?? null,
  )
}

const entryPoints = { web: 80, websecure: 443, internal: 8081, metrics: 9100 } as const

const args = [
  ...Object.entries(entryPoints).map(([entry, port]) => `--entrypoints.${entry}.address=:${port}`),
  // A pod that is told to end goes on accepting until the cluster has stopped sending to it.
  ...['web', 'websecure', 'internal'].map(
    (entry) => `--entrypoints.${entry}.transport.lifecycle.requestacceptgracetimeout=3s`,
  ),
  '--providers.kubernetesgateway=true',
  `--providers.kubernetesgateway.statusaddress.ip=${addresses.gateway}`,
  '--providers.kubernetescrd=true',
  // Without it a route with a backend that has no ready pod is dropped as a whole.
  '--providers.kubernetescrd.allowemptyservices=true',
  '--providers.kubernetescrd.disableclusterscoperesources=true',
  '--metrics.prometheus=true',
  '--metrics.prometheus.entrypoint=metrics',
  '--metrics.prometheus.addserviceslabels=true',
  '--metrics.prometheus.addrouterslabels=true',
  // A canary's latency is judged by these: what lies between two bounds is not seen, so they are close where services answer.
  '--metrics.prometheus.buckets=0.005,0.01,0.02,0.03,0.05,0.07,0.1,0.15,0.2,0.3,0.5,1,2,5',
  '--ping=true',
  '--ping.entrypoint=metrics',
  '--api.dashboard=false',
  '--global.checknewversion=false',
  '--global.sendanonymoususage=false',
  '--log.level=INFO',
]

const container = {
  name,
  image: platformImages.traefik,
  args,
  ports: Object.entries(entryPoints).map(([entry, port]) => ({ name: entry, containerPort: port })),
  // There is only one: on a busy machine a strict probe would remove or restart it, and no request would be served.
  readinessProbe: { httpGet: { path: '/ping', port: 'metrics' }, periodSeconds: 1, timeoutSeconds: 5 },
  livenessProbe: {
    httpGet: { path: '/ping', port: 'metrics' },
    periodSeconds: 10,
    timeoutSeconds: 5,
    failureThreshold: 6,
  },
  // Processors are shared out by requests: every user comes through it, and a dozen pods that start must not starve it.
  resources: { requests: { cpu: '500m', memory: '64Mi' }, limits: { memory: '512Mi' } },
  securityContext: {
    runAsNonRoot: true,
    readOnlyRootFilesystem: true,
    allowPrivilegeEscalation: false,
    capabilities: { drop: ['ALL'] },
    seccompProfile: { type: 'RuntimeDefault' },
  },
}

const read = ['get', 'list', 'watch']
const gatewayGroup = 'gateway.networking.k8s.io'

/** What the gateway may do: read routes and what they lead to, and write the status of routes. Nothing else. */
const rules = [
  { apiGroups: [''], resources: ['namespaces', 'services', 'secrets', 'configmaps'], verbs: read },
  { apiGroups: ['discovery.k8s.io'], resources: ['endpointslices'], verbs: read },
  { apiGroups: ['traefik.io'], resources: ['*'], verbs: read },
  {
    apiGroups: [gatewayGroup],
    resources: [
      'backendtlspolicies',
      'gatewayclasses',
      'gateways',
      'grpcroutes',
      'httproutes',
      'referencegrants',
    ],
    verbs: read,
  },
  {
    apiGroups: [gatewayGroup],
    resources: ['gatewayclasses', 'gateways', 'httproutes', 'grpcroutes', 'backendtlspolicies'].map(
      (kind) => `${kind}/status`,
    ),
    verbs: ['update', 'patch'],
  },
]

export const gatewayManifests: readonly Manifest[] = [
  {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: {
      name: namespace,
      labels: {
        'pod-security.kubernetes.io/enforce': 'restricted',
        'kubernetes.io/metadata.name': namespace,
      },
    },
  },
  { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name, namespace } },
  {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRole',
    metadata: { name: 'traefik-gateway' },
    rules,
  },
  {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRoleBinding',
    metadata: { name: 'traefik-gateway' },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'traefik-gateway' },
    subjects: [{ kind: 'ServiceAccount', name, namespace }],
  },
  {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace, labels },
    spec: {
      replicas: 1,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: { serviceAccountName: name, terminationGracePeriodSeconds: 30, containers: [container] },
      },
    },
  },
  {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace, labels },
    spec: {
      clusterIP: addresses.gateway,
      selector: labels,
      ports: Object.entries(entryPoints).map(([entry, port]) => ({ name: entry, port, targetPort: entry })),
    },
  },
  {
    apiVersion: `${gatewayGroup}/v1`,
    kind: 'GatewayClass',
    metadata: { name: 'traefik' },
    spec: { controllerName: 'traefik.io/gateway-controller' },
  },
]

/** Traefik as the data plane of the Gateway API: a pod, so that network policies hold for what it sends. */
export const gateway: Part = {
  name: 'gateway',
  isUp: () => Promise.resolve(false),
  start: (lab) => apply(lab, gatewayManifests),
  isReady: (lab) =>
    kubectlSays(
      lab,
      ['-n', namespace, 'get', 'deployment', name, '-o', 'jsonpath={.status.readyReplicas}'],
      '1',
    ),
  patience: 90,
}
