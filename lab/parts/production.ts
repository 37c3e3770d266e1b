import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { at, type Lab } from '../base/lab.ts'
import { statePart } from '../base/part.ts'
import { apply, type Manifest } from './apply.ts'

export const productionNamespace = 'atlas-production'

const edit = ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete']
const read = ['get', 'list', 'watch']

/** What a release does within its namespace, and no more: no nodes, no other namespace, no cluster roles. */
const deployerRules = [
  {
    apiGroups: [''],
    resources: [
      'configmaps',
      'secrets',
      'services',
      'serviceaccounts',
      'persistentvolumeclaims',
      'pods',
      'events',
      'endpoints',
    ],
    verbs: edit,
  },
  {
    apiGroups: [''],
    resources: ['pods/log', 'pods/status', 'namespaces', 'resourcequotas', 'limitranges'],
    verbs: read,
  },
  {
    apiGroups: [''],
    resources: ['pods/exec', 'pods/portforward', 'pods/proxy', 'services/proxy'],
    verbs: ['get', 'create'],
  },
  {
    apiGroups: ['apps'],
    resources: ['deployments', 'statefulsets', 'daemonsets', 'replicasets', 'controllerrevisions'],
    verbs: edit,
  },
  {
    apiGroups: ['apps'],
    resources: ['deployments/scale', 'statefulsets/scale'],
    verbs: ['get', 'update', 'patch'],
  },
  { apiGroups: ['autoscaling'], resources: ['horizontalpodautoscalers'], verbs: edit },
  { apiGroups: ['policy'], resources: ['poddisruptionbudgets'], verbs: edit },
  { apiGroups: ['batch'], resources: ['jobs'], verbs: edit },
  { apiGroups: ['coordination.k8s.io'], resources: ['leases'], verbs: edit },
  { apiGroups: ['discovery.k8s.io'], resources: ['endpointslices'], verbs: read },
  { apiGroups: ['events.k8s.io'], resources: ['events'], verbs: read },
  { apiGroups: ['networking.k8s.io'], resources: ['networkpolicies'], verbs: edit },
  { apiGroups: ['rbac.authorization.k8s.io'], resources: ['roles', 'rolebindings'], verbs: edit },
  {
    apiGroups: ['gateway.networking.k8s.io'],
    resources: ['gateways', 'httproutes', 'referencegrants'],
    verbs: edit,
  },
  { apiGroups: ['gateway.networking.k8s.io'], resources: ['backendtlspolicies'], verbs: read },
]

const clusterRules = [
  { apiGroups: [''], resources: ['namespaces'], verbs: ['get', 'list', 'watch', 'create'] },
  {
    apiGroups: [''],
    resources: ['namespaces'],
    resourceNames: [productionNamespace],
    verbs: ['update', 'patch'],
  },
  { apiGroups: ['gateway.networking.k8s.io'], resources: ['gatewayclasses'], verbs: read },
  { apiGroups: ['apiextensions.k8s.io'], resources: ['customresourcedefinitions'], verbs: read },
]

const rbac = 'rbac.authorization.k8s.io'
const deployer = { kind: 'User', apiGroup: rbac, name: 'deployer' }

const deployerManifests: readonly Manifest[] = [
  {
    apiVersion: `${rbac}/v1`,
    kind: 'ClusterRole',
    metadata: { name: 'alt-las-deployer' },
    rules: deployerRules,
  },
  {
    apiVersion: `${rbac}/v1`,
    kind: 'ClusterRole',
    metadata: { name: 'alt-las-deployer-cluster' },
    rules: clusterRules,
  },
  {
    apiVersion: `${rbac}/v1`,
    kind: 'RoleBinding',
    metadata: { name: 'alt-las-deployer', namespace: productionNamespace },
    roleRef: { apiGroup: rbac, kind: 'ClusterRole', name: 'alt-las-deployer' },
    subjects: [deployer],
  },
  {
    apiVersion: `${rbac}/v1`,
    kind: 'ClusterRoleBinding',
    metadata: { name: 'alt-las-deployer' },
    roleRef: { apiGroup: rbac, kind: 'ClusterRole', name: 'alt-las-deployer-cluster' },
    subjects: [deployer],
  },
]

/** What a platform team hands to a release: a namespace, the gateway's certificate, the database's password, and a user with narrow rights. */
export const production = statePart('production namespace', async (lab) => {
  const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: productionNamespace } }
  await apply(lab, [namespace, ...secrets(lab), ...deployerManifests])
})

function secrets(lab: Lab): readonly Manifest[] {
  const encoded = (file: string): string => readFileSync(at(lab, 'pki', file)).toString('base64')
  const tls = { 'tls.crt': encoded('gateway.crt'), 'tls.key': encoded('gateway.key') }
  return [
    {
      apiVersion: 'v1',
      kind: 'Secret',
      type: 'kubernetes.io/tls',
      metadata: { name: 'atlas-tls', namespace: productionNamespace },
      data: tls,
    },
    {
      apiVersion: 'v1',
      kind: 'Secret',
      type: 'Opaque',
      metadata: { name: 'postgres-credentials', namespace: productionNamespace },
      stringData: { username: 'atlas', password: databasePassword(lab), database: 'atlas' },
    },
  ]
}

/** Made once per life of the lab's home, as the data that it protects. */
function databasePassword(lab: Lab): string {
  const file = at(lab, 'pki', 'database-password')
  if (!existsSync(file)) writeFileSync(file, randomBytes(18).toString('base64url'), { mode: 0o600 })
  return readFileSync(file, 'utf8')
}
