import type { EndpointSlice, KubeObject, Pod, Service, Workload } from '@alt-las/kubernetes'

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
