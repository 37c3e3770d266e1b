import type { Deployment, HTTPRoute, KubeObject, Service } from '@alt-las/kubernetes'

/** The manifests of the user's repository: Deployment, Service, route. */
export function manifests(): readonly KubeObject[] {
  const labels = { app: 'web' }
  const metadata = { name: 'web', namespace: 'shop' }
  const deployment: Deployment = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { ...metadata, labels },
    spec: {
      replicas: 3,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          containers: [
            {
              name: 'web',
              image: 'ghcr.io/alt-las/web',
              env: [
                { name: 'IMAGE_DIGEST', value: '' },
                { name: 'MODE', value: 'x' },
              ],
            },
          ],
        },
      },
    },
  }
  const service: Service = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata,
    spec: { selector: labels, ports: [{ port: 80, targetPort: 8080 }] },
  }
  const route: HTTPRoute = {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'HTTPRoute',
    metadata,
    spec: {
      parentRefs: [{ name: 'atlas' }],
      rules: [{ backendRefs: [{ name: 'web', port: 80, weight: 1 }] }],
    },
  }
  return [deployment, service, route]
}

export const v1 = `ghcr.io/alt-las/web@sha256:${'1'.repeat(64)}`

export const v2 = `ghcr.io/alt-las/web@sha256:${'2'.repeat(64)}`

export const v3 = `ghcr.io/alt-las/web@sha256:${'3'.repeat(64)}`
