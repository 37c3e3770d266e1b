import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Stack } from '../stack.ts'

export const namespace = 'rollouts'
export const host = 'rollouts.lab'
export const deployment = 'target'
/** Enough for shares of a quarter. */
export const replicas = 4

const labels = { 'app.kubernetes.io/name': deployment, 'app.kubernetes.io/part-of': 'rollouts' }
const metadata = { name: deployment, namespace, labels }

/** What a platform team gives to a new service: a namespace, and the deployer's rights in it. */
export async function handOver(stack: Stack): Promise<void> {
  const api = 'rbac.authorization.k8s.io'
  const file = written([
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } },
    {
      apiVersion: `${api}/v1`,
      kind: 'RoleBinding',
      metadata: { name: 'deployer', namespace },
      roleRef: { apiGroup: api, kind: 'ClusterRole', name: 'alt-las-deployer' },
      subjects: [{ apiGroup: api, kind: 'User', name: 'deployer' }],
    },
  ])
  await stack.kubectl('apply', '--filename', file)
}

/** A file with the manifests of the service: one of ours, as a stranger would deploy it. */
export function manifests(): string {
  return written([
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata,
      spec: {
        replicas,
        selector: { matchLabels: { 'app.kubernetes.io/name': deployment } },
        template: { metadata: { labels }, spec: pod },
      },
    },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata,
      spec: {
        selector: { 'app.kubernetes.io/name': deployment },
        ports: [{ name: 'http', port: 80, targetPort: 'http' }],
      },
    },
    {
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: 'Gateway',
      metadata,
      spec: {
        gatewayClassName: 'traefik',
        listeners: [{ name: 'http', protocol: 'HTTP', port: 80, hostname: host }],
      },
    },
    {
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: 'HTTPRoute',
      metadata,
      spec: {
        parentRefs: [{ name: deployment }],
        hostnames: [host],
        rules: [{ backendRefs: [{ name: deployment, port: 80 }] }],
      },
    },
  ])
}

const pod = {
  automountServiceAccountToken: false,
  terminationGracePeriodSeconds: 30,
  securityContext: { runAsNonRoot: true, runAsUser: 65_532, seccompProfile: { type: 'RuntimeDefault' } },
  containers: [
    {
      name: deployment,
      image: 'ghcr.io/alt-las/segmentation-service',
      env: [{ name: 'IMAGE_DIGEST', value: '' }],
      ports: [{ name: 'http', containerPort: 8080 }],
      readinessProbe: { httpGet: { path: '/readyz', port: 'http' }, periodSeconds: 1 },
      resources: { requests: { cpu: '10m', memory: '48Mi' }, limits: { memory: '160Mi' } },
      securityContext: {
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      },
    },
  ],
}

function written(objects: readonly object[]): string {
  const file = join(mkdtempSync(join(tmpdir(), 'rollouts-')), 'manifests.yaml')
  writeFileSync(file, objects.map((one) => JSON.stringify(one)).join('\n---\n'))
  return file
}
