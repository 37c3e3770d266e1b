import type { Manifest } from '../../../lab/parts/apply.ts'
import type { Environment } from '../environment/environment.ts'
import { own, withContainer, withPod, type Defect } from './defect.ts'
import { twin } from './twin.ts'

const runner = (environment: Environment) => own(environment, 'Deployment', 'runner-service')
const prometheus = (environment: Environment) => own(environment, 'Deployment', 'prometheus')

const health = (kind: string, name: string, because: RegExp) => [{ check: `health ${kind} ${name}`, because }]

/** Fails for ever; the pods of before go on serving. */
const never = (name: string, change: (environment: Environment) => Manifest, because: RegExp): Defect => ({
  name,
  change: (environment) => ({ apply: [change(environment)] }),
  found: health('Deployment', 'runner-service', because),
  neverReady: true,
})

const apart = {
  podAntiAffinity: {
    requiredDuringSchedulingIgnoredDuringExecution: [
      {
        topologyKey: 'kubernetes.io/hostname',
        labelSelector: { matchLabels: { 'app.kubernetes.io/name': 'prometheus' } },
        matchLabelKeys: ['pod-template-hash'],
      },
    ],
  },
}

/** What does not run, or is not what was released. */
export const workloadDefects: readonly Defect[] = [
  {
    name: 'a pod runs another image than the released one',
    change: async (environment) => {
      const image = await twin(environment.stack, environment.images['runner-service'] ?? '')
      return { apply: [withContainer(runner(environment), () => ({ image }))] }
    },
    found: [{ check: 'health image of runner-service', because: /runs sha256:\w+; released is sha256:/ }],
  },
  {
    name: 'a released service has no workload',
    change: (environment) => ({ remove: [runner(environment)] }),
    found: [{ check: 'health image of runner-service', because: /no pod of runner-service runs ghcr\.io/ }],
  },
  {
    name: 'a replica short: the second would need another node',
    change: (environment) => {
      const alone = withPod(prometheus(environment), (pod) => ({ ...pod, affinity: apart }))
      return { apply: [{ ...alone, spec: { ...(alone['spec'] as object), replicas: 2 } }] }
    },
    found: health('Deployment', 'prometheus', /anti-affinity|affinity/),
    neverReady: true,
  },
  never(
    'an image that the registry does not have',
    (environment) =>
      withPod(runner(environment), (pod) => {
        const [first] = pod.containers
        const missing = `ghcr.io/alt-las/sidecar@sha256:${'0'.repeat(64)}`
        const sidecar = { ...first, name: 'sidecar', image: missing, env: [], ports: [] }
        return { ...pod, containers: [...pod.containers, { ...sidecar, name: 'sidecar' }] }
      }),
    /sidecar|image/i,
  ),
  never(
    'a container that ends as soon as it starts',
    (environment) => withContainer(runner(environment), () => ({ args: ['-e', 'process.exit(3)'] })),
    /exit code 3|CrashLoopBackOff/,
  ),
  never(
    'a pod that is never ready',
    (environment) =>
      withContainer(runner(environment), () => ({
        readinessProbe: { httpGet: { path: '/no-such-path', port: 'http' }, periodSeconds: 2 },
      })),
    /ready/,
  ),
  never(
    'memory that is never enough',
    (environment) =>
      withContainer(runner(environment), () => ({
        resources: { requests: { cpu: '10m', memory: '16Mi' }, limits: { memory: '16Mi' } },
      })),
    /OOM|memory/i,
  ),
  {
    name: 'a pod that no node takes',
    change: (environment) => ({
      apply: [withPod(prometheus(environment), (pod) => ({ ...pod, nodeSelector: { disk: 'fast' } }))],
    }),
    found: health('Deployment', 'prometheus', /node|schedul/i),
    neverReady: true,
  },
  {
    name: 'a ConfigMap that a pod asks for is gone',
    change: (environment) => ({
      apply: [
        withPod(prometheus(environment), (pod) => ({
          ...pod,
          volumes: (pod.volumes ?? []).map((one) =>
            'configMap' in one ? { ...one, configMap: { name: 'gone' } } : one,
          ),
        })),
      ],
    }),
    found: health('Deployment', 'prometheus', /gone|ConfigMap|configmap/),
    neverReady: true,
  },
]
