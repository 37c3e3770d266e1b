import type { Part } from '../base/part.ts'
import { extraImages } from '../versions.ts'
import { apply, type Manifest } from './apply.ts'
import { kubectlSays } from './control-plane.ts'

const namespace = 'kube-system'
const name = 'metrics-server'
const labels = { 'k8s-app': name }
const rbac = 'rbac.authorization.k8s.io'
const group = 'metrics.k8s.io'

const container = {
  name,
  image: extraImages.metricsServer,
  args: [
    '--cert-dir=/tmp',
    '--secure-port=10250',
    '--kubelet-preferred-address-types=InternalIP',
    '--kubelet-certificate-authority=/var/run/secrets/kubernetes.io/serviceaccount/ca.crt',
    // The resolution must be longer than the timeout of a request. 10 s: an autoscaler of the lab sees a load soon.
    '--metric-resolution=10s',
    '--kubelet-request-timeout=5s',
  ],
  securityContext: {
    runAsNonRoot: true,
    readOnlyRootFilesystem: true,
    allowPrivilegeEscalation: false,
    capabilities: { drop: ['ALL'] },
  },
  ports: [{ name: 'https', containerPort: 10250 }],
  readinessProbe: { httpGet: { path: '/readyz', port: 'https', scheme: 'HTTPS' }, periodSeconds: 2 },
  livenessProbe: { httpGet: { path: '/livez', port: 'https', scheme: 'HTTPS' } },
  resources: { requests: { cpu: '20m', memory: '64Mi' }, limits: { memory: '256Mi' } },
  volumeMounts: [{ name: 'tmp', mountPath: '/tmp' }],
}

const account = { kind: 'ServiceAccount', name, namespace }

const clusterRole = (role: string, rules: readonly object[], more: object = {}): Manifest => ({
  apiVersion: `${rbac}/v1`,
  kind: 'ClusterRole',
  metadata: { name: role, ...more },
  rules,
})

const binding = (role: string): Manifest => ({
  apiVersion: `${rbac}/v1`,
  kind: 'ClusterRoleBinding',
  metadata: { name: `${name}:${role}` },
  roleRef: { apiGroup: rbac, kind: 'ClusterRole', name: role },
  subjects: [account],
})

export const metricsServerManifests: readonly Manifest[] = [
  { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name, namespace } },
  clusterRole('system:metrics-server', [
    { apiGroups: [''], resources: ['nodes/metrics'], verbs: ['get'] },
    { apiGroups: [''], resources: ['pods', 'nodes'], verbs: ['get', 'list', 'watch'] },
  ]),
  clusterRole(
    'system:aggregated-metrics-reader',
    [{ apiGroups: [group], resources: ['pods', 'nodes'], verbs: ['get', 'list', 'watch'] }],
    { labels: { [`${rbac}/aggregate-to-view`]: 'true' } },
  ),
  binding('system:metrics-server'),
  binding('system:auth-delegator'),
  {
    apiVersion: `${rbac}/v1`,
    kind: 'RoleBinding',
    metadata: { name: `${name}-auth-reader`, namespace },
    roleRef: { apiGroup: rbac, kind: 'Role', name: 'extension-apiserver-authentication-reader' },
    subjects: [account],
  },
  {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace, labels },
    spec: {
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          serviceAccountName: name,
          priorityClassName: 'system-cluster-critical',
          securityContext: { runAsUser: 65_532, seccompProfile: { type: 'RuntimeDefault' } },
          containers: [container],
          volumes: [{ name: 'tmp', emptyDir: {} }],
        },
      },
    },
  },
  {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace, labels },
    spec: { selector: labels, ports: [{ name: 'https', port: 443, targetPort: 'https' }] },
  },
  {
    apiVersion: 'apiregistration.k8s.io/v1',
    kind: 'APIService',
    metadata: { name: `v1beta1.${group}` },
    spec: {
      group,
      version: 'v1beta1',
      groupPriorityMinimum: 100,
      versionPriority: 100,
      service: { name, namespace },
      // As upstream: its certificate is made at each start and signed by nobody.
      insecureSkipTLSVerify: true,
    },
  },
]

/** CPU and memory of pods and nodes, for autoscalers and `kubectl top`. */
export const metricsServer: Part = {
  name,
  isUp: () => Promise.resolve(false),
  start: (lab) => apply(lab, metricsServerManifests),
  isReady: (lab) =>
    kubectlSays(
      lab,
      [
        'get',
        'apiservice',
        `v1beta1.${group}`,
        '-o',
        'jsonpath={.status.conditions[?(@.type=="Available")].status}',
      ],
      'True',
    ),
  patience: 90,
}
