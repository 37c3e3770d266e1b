import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { handOver, manifests, written } from '../rollouts/target.ts'
import type { Stack } from '../stack.ts'

export const namespace = 'judged'

/** Other than the usual: see server.ts. */
export type Behaviour = Readonly<Partial<Record<'ERRORS' | 'SLOW' | 'HANGS' | 'LATE', string>>>

/** Namespace, the service's program, and a Prometheus for each of the names. */
export async function prepare(stack: Stack, monitors: readonly string[]): Promise<void> {
  await handOver(stack, namespace)
  const program = readFileSync(join(import.meta.dirname, 'server.ts'), 'utf8')
  const file = written([
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'program', namespace },
      data: { 'server.ts': program },
    },
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'prometheus', namespace }, data: scraping },
    ...monitors.flatMap(monitor),
  ])
  await stack.kubectl('apply', '--filename', file)
  for (const name of monitors) await standing(stack, name)
}

export const hostOf = (name: string): string => `${name}.judged.lab`

/** The manifests of one version of a target; `place`: what its route answers for. */
export function version(
  name: string,
  tag: string,
  behaviour: Behaviour,
  place: { readonly host: string } | { readonly path: string } = { host: hostOf(name) },
): string {
  const env = Object.entries({ VERSION: tag, ...behaviour }).map(([key, value]) => ({ name: key, value }))
  const volumes = [{ name: 'program', configMap: { name: 'program' } }]
  const volumeMounts = [{ name: 'program', mountPath: '/app', readOnly: true }]
  const container = { image: runtime, args: ['/app/server.ts'], env, volumeMounts }
  return manifests({ namespace, name, ...place, replicas: 2, container, pod: { volumes } })
}

const runtime = 'gcr.io/distroless/nodejs24-debian12'

/** The one image of all versions. */
export async function image(stack: Stack): Promise<string> {
  const digest = await stack.registry.digest('distroless/nodejs24-debian12', 'nonroot')
  if (digest === null) throw new Error(`${runtime}: not in the lab's mirror`)
  return `${runtime}@${digest}`
}

/** Until it is as it should be, by the API server. */
export async function scale(stack: Stack, name: string, replicas: 0 | 1): Promise<void> {
  await stack.kubectl('--namespace', namespace, 'scale', `deployment/${name}`, `--replicas=${replicas}`)
  if (replicas === 1) await standing(stack, name)
}

const standing = (stack: Stack, name: string) =>
  stack.kubectl('--namespace', namespace, 'rollout', 'status', `deployment/${name}`, '--timeout=120s')

const scraping = {
  'prometheus.yml': JSON.stringify({
    global: { scrape_interval: '5s', scrape_timeout: '4s' },
    scrape_configs: [
      {
        job_name: 'gateway',
        static_configs: [{ targets: ['traefik.traefik-system.svc.cluster.local:9100'] }],
      },
    ],
  }),
}

/** As in kubernetes/production/monitoring.yaml, but for what a case of minutes does not need. */
function monitor(name: string): readonly object[] {
  const labels = { 'app.kubernetes.io/name': name }
  const container = {
    name: 'prometheus',
    image: 'docker.io/prom/prometheus:v2.42.0',
    args: ['--config.file=/etc/prometheus/prometheus.yml', '--storage.tsdb.path=/prometheus'],
    ports: [{ name: 'http', containerPort: 9090 }],
    readinessProbe: { httpGet: { path: '/-/ready', port: 'http' }, periodSeconds: 1 },
    resources: { requests: { cpu: '20m', memory: '96Mi' }, limits: { memory: '384Mi' } },
    volumeMounts: [
      { name: 'configuration', mountPath: '/etc/prometheus', readOnly: true },
      { name: 'data', mountPath: '/prometheus' },
    ],
  }
  const volumes = [
    { name: 'configuration', configMap: { name: 'prometheus' } },
    { name: 'data', emptyDir: {} },
  ]
  const metadata = { name, namespace, labels }
  return [
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata,
      spec: {
        replicas: 1,
        selector: { matchLabels: labels },
        template: {
          metadata: { labels },
          spec: {
            automountServiceAccountToken: false,
            securityContext: { runAsNonRoot: true, runAsUser: 65_534, fsGroup: 65_534 },
            containers: [container],
            volumes,
          },
        },
      },
    },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata,
      spec: { selector: labels, ports: [{ name: 'http', port: 9090, targetPort: 'http' }] },
    },
  ]
}
