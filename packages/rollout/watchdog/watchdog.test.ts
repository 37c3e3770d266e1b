import type { ConfigMap, Job, KubeObject, Pod } from '@alt-las/kubernetes'
import { routerFor } from '@alt-las/routers'
import { fakeCluster } from '@alt-las/simulated-cluster'
import { describe, expect, test } from '@jest/globals'
import type { Rollout } from '../model/rollout.ts'
import { rollout as facts } from '../testing/facts.ts'
import { manifests } from '../testing/manifests.ts'
import { armWatchdog, disarmWatchdog, observeWatchdog } from './watchdog.ts'

const rollout: Rollout = {
  ...facts,
  fencingToken: 4,
  plan: { ...facts.plan, watchdogImage: 'kubectl@sha256:1' },
}
const inShop = (apiVersion: string, kind: string, name: string) => ({
  apiVersion,
  kind,
  namespace: 'shop',
  name,
})
const orders = inShop('v1', 'ConfigMap', 'alt-las-guard-web-4')
const job = inShop('batch/v1', 'Job', 'alt-las-guard-web-4')

async function armed(of: Rollout = rollout) {
  const state = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'alt-las-rollout-web', namespace: 'shop' },
  }
  const cluster = fakeCluster({ objects: [...manifests(), state] })
  await armWatchdog(of, routerFor('gateway-api', cluster), cluster)
  return cluster
}

const isReady = (name: string): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    name,
    namespace: 'shop',
    labels: { 'job-name': 'alt-las-guard-web-4', 'alt-las.dev/guard': 'web' },
  },
  spec: { containers: [] },
  status: { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] },
})

describe("the dead-man's switch", () => {
  test("writes nothing but stable's weights, only over the mark of its own run, and leaves a mark that outranks it", async () => {
    const cluster = await armed()
    const data = cluster.peek<ConfigMap>(orders)?.data ?? {}
    expect(data['targets']).toBe('httproutes.v1.gateway.networking.k8s.io web patch-0.json\n')
    const patch = JSON.parse(data['patch-0.json'] ?? '') as readonly { op: string; value: unknown }[]
    expect(patch[0]).toMatchObject({ op: 'test', value: '4' })
    expect(patch.at(-1)).toMatchObject({ op: 'replace', value: 'guard-4' })
    expect(JSON.stringify(patch[1]?.value)).toContain('"name":"web-canary","port":80,"weight":0')
  })

  test('with an audience has a second patch, for routes without its rules', async () => {
    const audience = { kind: 'cookie', name: 'beta', value: '1', holdMs: 1 } as const
    const cluster = await armed({ ...rollout, plan: { ...rollout.plan, audience } })
    const data = cluster.peek<ConfigMap>(orders)?.data ?? {}
    expect(data['targets']).toBe(
      'httproutes.v1.gateway.networking.k8s.io web patch-0.json patch-0-else.json\n',
    )
    const paths = (file: string) =>
      (JSON.parse(data[file] ?? '') as readonly { op: string; path: string }[]).map(
        ({ op, path }) => `${op} ${path}`,
      )
    const token = '/metadata/annotations/alt-las.dev~1epoch'
    const reset = 'replace /spec/rules/0/backendRefs'
    expect(paths('patch-0.json')).toEqual([
      `test ${token}`,
      'test /spec/rules/1',
      reset,
      'remove /spec/rules/1',
      `replace ${token}`,
    ])
    expect(paths('patch-0-else.json')).toEqual([`test ${token}`, reset, `replace ${token}`])
  })

  test('may read one lease and its orders, and patch the named objects', async () => {
    const cluster = await armed()
    const role = cluster.all<KubeObject & { rules: readonly Record<string, readonly string[]>[] }>('Role')[0]
    expect(
      role?.rules.map((rule) => [rule['resources'], rule['resourceNames'], rule['verbs']].flat()),
    ).toEqual([
      ['leases', 'alt-las-rollout-web', 'get'],
      ['configmaps', 'alt-las-guard-web-4', 'get'],
      ['httproutes', 'web', 'get', 'patch'],
    ])
  })

  test('is armed when its pod has read the lease, fired when its Job is complete, failed with its Job', async () => {
    const cluster = await armed()
    const kind = async () => (await observeWatchdog(rollout, cluster)).kind
    expect(await kind()).toBe('starting')
    cluster.put(isReady('guard-1'))
    expect(await kind()).toBe('armed')
    for (const [type, expected] of [
      ['Complete', 'fired'],
      ['Failed', 'failed'],
    ] as const) {
      const live = cluster.peek<Job>(job) as Job
      cluster.put({ ...live, status: { conditions: [{ type, status: 'True' }] } })
      expect(await kind()).toBe(expected)
    }
  })

  test('of an earlier run is replaced by the next one, and goes with all that belongs to it', async () => {
    const cluster = await armed()
    const next: Rollout = { ...rollout, fencingToken: 5 }
    expect(await observeWatchdog(next, cluster)).toMatchObject({ kind: 'fired' })
    await armWatchdog(next, routerFor('gateway-api', cluster), cluster)
    expect(cluster.all('Job').map(({ metadata }) => metadata.name)).toEqual(['alt-las-guard-web-5'])
    await disarmWatchdog(next, cluster)
    expect(await observeWatchdog(next, cluster)).toMatchObject({ kind: 'absent' })
    for (const left of ['Job', 'Role', 'RoleBinding', 'ServiceAccount']) expect(cluster.all(left)).toEqual([])
  })

  test('is none where the plan has no image for it, or moves no weights', async () => {
    const cluster = fakeCluster()
    expect(await observeWatchdog(facts, cluster)).toMatchObject({ kind: 'none' })
    const rolling = { ...rollout, plan: { ...rollout.plan, router: 'none' as const } }
    expect(await observeWatchdog(rolling, cluster)).toMatchObject({ kind: 'none' })
  })
})
