import { addresses } from '../addresses.ts'
import type { Part } from '../base/part.ts'
import { platformImages } from '../versions.ts'
import { apply, type Manifest } from './apply.ts'
import { kubectlSays } from './control-plane.ts'

const namespace = 'kube-system'
const labels = { 'k8s-app': 'kube-dns' }
const corefile = `.:1053 {
    errors
    health
    ready
    kubernetes cluster.local in-addr.arpa ip6.arpa {
      pods insecure
      ttl 5
    }
    cache 5
    loadbalance
}
`

const container = {
  name: 'coredns',
  image: platformImages.coredns,
  args: ['-conf', '/etc/coredns/Corefile'],
  securityContext: {
    runAsNonRoot: true,
    readOnlyRootFilesystem: true,
    allowPrivilegeEscalation: false,
    capabilities: { drop: ['ALL'] },
  },
  ports: [
    { name: 'dns', containerPort: 1053, protocol: 'UDP' },
    { name: 'dns-tcp', containerPort: 1053, protocol: 'TCP' },
  ],
  readinessProbe: { httpGet: { path: '/ready', port: 8181 }, periodSeconds: 1 },
  livenessProbe: { httpGet: { path: '/health', port: 8080 } },
  resources: { requests: { cpu: '20m', memory: '32Mi' }, limits: { memory: '128Mi' } },
  volumeMounts: [{ name: 'config', mountPath: '/etc/coredns' }],
}

export const dnsManifests: readonly Manifest[] = [
  { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'coredns', namespace } },
  {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRole',
    metadata: { name: 'system:coredns' },
    rules: [
      {
        apiGroups: [''],
        resources: ['endpoints', 'services', 'pods', 'namespaces'],
        verbs: ['list', 'watch'],
      },
      { apiGroups: ['discovery.k8s.io'], resources: ['endpointslices'], verbs: ['list', 'watch'] },
    ],
  },
  {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRoleBinding',
    metadata: { name: 'system:coredns' },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'system:coredns' },
    subjects: [{ kind: 'ServiceAccount', name: 'coredns', namespace }],
  },
  {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'coredns', namespace },
    data: { Corefile: corefile },
  },
  {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'coredns', namespace, labels },
    spec: {
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          serviceAccountName: 'coredns',
          dnsPolicy: 'Default',
          priorityClassName: 'system-cluster-critical',
          containers: [container],
          volumes: [{ name: 'config', configMap: { name: 'coredns' } }],
        },
      },
    },
  },
  {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'kube-dns', namespace, labels },
    spec: {
      clusterIP: addresses.dns,
      selector: labels,
      ports: [
        { name: 'dns', port: 53, targetPort: 1053, protocol: 'UDP' },
        { name: 'dns-tcp', port: 53, targetPort: 1053, protocol: 'TCP' },
      ],
    },
  },
]

/** Names inside the cluster; there is no name server beyond it. */
export const dns: Part = {
  name: 'dns',
  isUp: () => Promise.resolve(false),
  start: (lab) => apply(lab, dnsManifests),
  isReady: (lab) =>
    kubectlSays(
      lab,
      ['-n', namespace, 'get', 'deployment', 'coredns', '-o', 'jsonpath={.status.readyReplicas}'],
      '1',
    ),
  patience: 60,
}
