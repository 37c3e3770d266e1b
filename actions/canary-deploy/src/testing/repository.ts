import type { ConfigMap, Deployment, KubeObject, PodSpec, Secret } from '@alt-las/kubernetes'
import { manifests } from '../../../../packages/rollout/testing/manifests.ts'

/** What a test's repository holds beside the usual. */
export interface Repository {
  readonly spec?: Partial<PodSpec>
  readonly objects?: readonly KubeObject[]
  readonly before?: readonly KubeObject[]
}

/** What the repository holds: Deployment, Service, route, and what the test adds. */
export function filesOf({ spec = {}, objects = [] }: Repository): readonly KubeObject[] {
  return [
    ...manifests().map((one) => (one.kind === 'Deployment' ? withSpec(one as Deployment, spec) : one)),
    ...objects,
  ]
}

function withSpec(deployment: Deployment, more: Partial<PodSpec>): Deployment {
  const { template } = deployment.spec
  const spec = { ...template.spec, ...more }
  return { ...deployment, spec: { ...deployment.spec, template: { ...template, spec } } }
}

export const settings = (data: Record<string, string>, more: Partial<ConfigMap> = {}): ConfigMap => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'settings', namespace: 'shop' },
  data,
  ...more,
})

export const login = (password: string): Secret => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: 'login', namespace: 'shop' },
  stringData: { password },
})

/** Both by every way in which a pod can refer to them. */
export const referring: Partial<PodSpec> = {
  containers: [
    {
      name: 'web',
      image: 'ghcr.io/alt-las/web',
      envFrom: [{ configMapRef: { name: 'settings' } }],
      env: [{ name: 'PASSWORD', valueFrom: { secretKeyRef: { name: 'login', key: 'password' } } }],
    },
  ],
  initContainers: [{ name: 'wait', image: 'busybox', envFrom: [{ secretRef: { name: 'login' } }] }],
  volumes: [
    { name: 'a', configMap: { name: 'settings' } },
    { name: 'b', secret: { secretName: 'login' } },
    {
      name: 'c',
      projected: { sources: [{ configMap: { name: 'settings' } }, { secret: { name: 'login' } }] },
    },
    { name: 'd', configMap: { name: 'somebody-elses' } },
  ],
}
