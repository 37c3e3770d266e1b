import { describe, expect, test } from '@jest/globals'
import { keepAliveMs } from '../../services/http/serve.ts'
import { type Container, manifestsIn, namesIn, one, podsOf, production, services, valueOf } from './read.ts'

/** For the pool's and the sockets' end, and for a kubelet that is late. */
const closingSeconds = 5
/** Traefik's `idleConnTimeout` towards the pods. */
const gatewayIdleMs = 90_000

const workloads = podsOf(production).filter(({ name }) => services.includes(name))
const named = workloads.map((workload) => [workload.name, workload] as const)
const only = ([container]: readonly Container[]): Container => {
  if (container === undefined) throw new Error('a pod without a container')
  return container
}
const seconds = (container: Container, variable: string): number => Number(valueOf(container, variable))

describe('the services of production', () => {
  test.each(named)('%s is probed: started, ready by its dependencies, alive by itself', (_, { pod }) => {
    expect(only(pod.containers)).toMatchObject({
      startupProbe: { httpGet: { path: '/healthz', port: 'http' } },
      readinessProbe: { httpGet: { path: '/readyz', port: 'http' } },
      livenessProbe: { httpGet: { path: '/healthz', port: 'http' } },
    })
  })

  test.each(named)('%s is limited in CPU and memory', (_, { pod }) => {
    expect(Object.keys(only(pod.containers).resources?.limits ?? {}).sort()).toEqual(['cpu', 'memory'])
  })

  test.each(named)('%s has time to drain, to finish its longest request, and to close', (_, { pod }) => {
    const container = only(pod.containers)
    const drain = seconds(container, 'DRAIN_SECONDS')
    const finish = seconds(container, 'FINISH_SECONDS')
    expect(pod.terminationGracePeriodSeconds).toBeGreaterThanOrEqual(drain + finish + closingSeconds)
    const timeouts = (container.env ?? []).filter(({ name }) => name.endsWith('_TIMEOUT_SECONDS'))
    for (const { name } of timeouts) expect(finish).toBeGreaterThanOrEqual(seconds(container, name))
  })

  test('who is called gives up before its caller does', () => {
    const of = (name: string) =>
      only(workloads.find((workload) => workload.name === name)?.pod.containers ?? [])
    expect(seconds(of('api-gateway'), 'UPSTREAM_TIMEOUT_SECONDS')).toBeGreaterThan(
      seconds(of('ai-orchestrator'), 'SEGMENTATION_TIMEOUT_SECONDS'),
    )
  })

  test('an idle connection is closed by the gateway, and never by the service first', () => {
    expect(keepAliveMs).toBeGreaterThan(gatewayIdleMs)
  })

  test.each(named)('%s spreads each of its versions over zones and nodes', (name, { pod }) => {
    expect(pod.topologySpreadConstraints).toEqual(
      ['topology.kubernetes.io/zone', 'kubernetes.io/hostname'].map((topologyKey) => ({
        maxSkew: 1,
        topologyKey,
        // A canary must start also where a zone is lost.
        whenUnsatisfiable: 'ScheduleAnyway',
        labelSelector: { matchLabels: { 'app.kubernetes.io/name': name } },
        matchLabelKeys: ['pod-template-hash'],
      })),
    )
  })

  test.each(named)('%s loses one pod at a time to a drain, and a sick pod stops none', (name) => {
    expect(one(production, 'PodDisruptionBudget', name).spec).toEqual({
      maxUnavailable: 1,
      unhealthyPodEvictionPolicy: 'AlwaysAllow',
      selector: { matchLabels: { 'app.kubernetes.io/name': name } },
    })
  })

  test.each(named)('%s pulls private images', (name) => {
    expect(one(production, 'ServiceAccount', name)['imagePullSecrets']).toEqual([{ name: 'ghcr-pull' }])
  })

  test.each(named)('%s keeps its capacity during an update', (name) => {
    expect(one(production, 'Deployment', name).spec?.['strategy']).toEqual({
      type: 'RollingUpdate',
      rollingUpdate: { maxUnavailable: 0, maxSurge: 1 },
    })
  })
})

describe('kubernetes/autoscaling', () => {
  test.each(namesIn('autoscaling'))('%s is never scaled below the replicas of the plan', (name) => {
    const [autoscaler, ...rest] = manifestsIn(`autoscaling/${name}.yaml`)
    expect(rest).toEqual([])
    const replicas = workloads.find((workload) => workload.name === name)?.replicas
    expect(autoscaler).toMatchObject({
      kind: 'HorizontalPodAutoscaler',
      metadata: { name, namespace: 'atlas-production' },
      spec: { scaleTargetRef: { kind: 'Deployment', name }, minReplicas: replicas },
    })
    expect(autoscaler?.spec?.['maxReplicas']).toBeGreaterThan(replicas ?? 0)
  })

  test('the archive is not scaled: its connections would not fit into the database', () => {
    expect(namesIn('autoscaling')).not.toContain('archive-service')
  })
})
