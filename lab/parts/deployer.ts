import { statePart } from '../base/part.ts'
import { apply, type Manifest } from './apply.ts'
import { productionNamespace } from './production.ts'

const edit = ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete']
const read = ['get', 'list', 'watch']

/** Every right that a strategy or a router of the library may need within a namespace: no nodes, no other namespace, no cluster roles. */
const serviceRules = [
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
  { apiGroups: ['traefik.io'], resources: ['ingressroutes', 'traefikservices'], verbs: edit },
]

const clusterRules = [
  { apiGroups: [''], resources: ['namespaces'], verbs: ['get', 'list', 'watch', 'create'] },
  { apiGroups: ['gateway.networking.k8s.io'], resources: ['gatewayclasses'], verbs: read },
  { apiGroups: ['apiextensions.k8s.io'], resources: ['customresourcedefinitions'], verbs: read },
]

const rbac = 'rbac.authorization.k8s.io'
const subjects = [{ kind: 'User', apiGroup: rbac, name: 'deployer' }]
const clusterRole = (name: string, rules: readonly object[]): Manifest => ({
  apiVersion: `${rbac}/v1`,
  kind: 'ClusterRole',
  metadata: { name },
  rules,
})

/**
 * The user that deploys services other than production's: each of their namespaces binds it to `lab-deployer`. It reads the metrics of
 * production, and has no other right there: production is deployed by kubernetes/deployer.
 */
export const deployer = statePart('deployer', async (lab) => {
  await apply(lab, [
    clusterRole('lab-deployer', serviceRules),
    clusterRole('lab-deployer-cluster', clusterRules),
    clusterRole('lab-metrics', [{ apiGroups: [''], resources: ['services/proxy'], verbs: ['get'] }]),
    {
      apiVersion: `${rbac}/v1`,
      kind: 'ClusterRoleBinding',
      metadata: { name: 'lab-deployer' },
      roleRef: { apiGroup: rbac, kind: 'ClusterRole', name: 'lab-deployer-cluster' },
      subjects,
    },
    {
      apiVersion: `${rbac}/v1`,
      kind: 'RoleBinding',
      metadata: { name: 'lab-metrics', namespace: productionNamespace },
      roleRef: { apiGroup: rbac, kind: 'ClusterRole', name: 'lab-metrics' },
      subjects,
    },
  ])
})
