import type { ConfigMap, Deployment, HTTPRoute, KubeObject, Pod, Service } from '@alt-las/kubernetes'
import type { FakeCluster } from '@alt-las/simulated-cluster'
import { describe, expect, test } from '@jest/globals'
import { brokenInvariants, invariantNames } from '../../packages/rollout/testing/oracle/invariants.ts'
import { isCanary } from '../../packages/rollout/testing/oracle/pods.ts'
import { meeting } from './pairs.ts'
import { stories } from './stories.ts'
import { scenario } from '../../actions/canary-deploy/src/testing/scenario.ts'

type Sabotage = (cluster: FakeCluster) => void

/** A rollout by this story, stopped in a phase of its own or at its beginning. */
async function midway(story: string, leftIn?: string): Promise<FakeCluster> {
  const first = stories.find(({ name }) => name === story)
  if (first === undefined) throw new Error(`there is no story ${story}`)
  const start = await meeting({ name: story, first, second: first, switches: 0, ...(leftIn && { leftIn }) })
  return scenario(first.habits, start).cluster
}

const one = <T extends KubeObject>(cluster: FakeCluster, kind: string, name: string): T => {
  const found = cluster.all<T>(kind).find(({ metadata }) => metadata.name === name)
  if (found === undefined) throw new Error(`there is no ${kind} ${name}`)
  return found
}

const selectsNobody =
  (name: string): Sabotage =>
  (cluster) => {
    const service = one<Service>(cluster, 'Service', name)
    cluster.put<Service>({ ...service, spec: { ...service.spec, selector: { app: 'nobody' } } })
  }

const weighs =
  (canary: number): Sabotage =>
  (cluster) => {
    const route = one<HTTPRoute>(cluster, 'HTTPRoute', 'web')
    const backendRefs = [
      { name: 'web', port: 80, weight: 100 - canary },
      { name: 'web-canary', port: 80, weight: canary },
    ]
    cluster.put<HTTPRoute>({ ...route, spec: { ...route.spec, rules: [{ backendRefs }] } })
  }

/** An audience with that much of its traffic on the canary. */
const invites =
  (percent: number): Sabotage =>
  (cluster) => {
    const route = one<HTTPRoute>(cluster, 'HTTPRoute', 'web')
    const backendRefs = [
      { name: 'web', port: 80, weight: 100 - percent },
      { name: 'web-canary', port: 80, weight: percent },
    ]
    const matches = [{ headers: [{ name: 'X-Beta', value: 'true' }] }]
    const rules = [...(route.spec.rules ?? []), { matches, backendRefs }]
    cluster.put<HTTPRoute>({ ...route, spec: { ...route.spec, rules } })
  }

/** A node takes one of stable's pods away. */
const losesOne: Sabotage = (cluster) => {
  const pod = cluster
    .all<Pod>('Pod')
    .find((one) => one.metadata.labels?.['pod-template-hash'] !== undefined && !isCanary(one))
  if (pod === undefined) throw new Error('stable has no pod')
  cluster.drop({ apiVersion: 'v1', kind: 'Pod', namespace: 'shop', name: pod.metadata.name })
}

const atZero: Sabotage = (cluster) => {
  const split = one<KubeObject & { readonly spec: unknown }>(cluster, 'TraefikService', 'split')
  const services = [
    { name: 'web', port: 80, weight: 1 },
    { name: 'web-canary', port: 80, weight: 0 },
  ]
  cluster.put({ ...split, spec: { weighted: { services } } })
}

const scales: Sabotage = (cluster) => {
  const web = one<Deployment>(cluster, 'Deployment', 'web')
  cluster.put<Deployment>({ ...web, spec: { ...web.spec, replicas: 1 } })
}

/** A phase that a later version might add, and the oracle was not told of. */
const entersUnknownPhase: Sabotage = (cluster) => {
  const state = one<ConfigMap>(cluster, 'ConfigMap', 'alt-las-rollout-web')
  const saved = JSON.parse(state.data?.['rollout.json'] ?? '') as object
  const text = JSON.stringify({ ...saved, phase: { kind: 'mirror' } })
  cluster.put<ConfigMap>({ ...state, data: { ...state.data, 'rollout.json': text } })
}

/** A node takes the pods of stable away: of the pods behind its Service the canary's are now more than the phase allows. */
const losesAll: Sabotage = (cluster) => {
  losesOne(cluster)
  losesOne(cluster)
}

/** Each invariant, and what breaks it: an invariant that nothing breaks would prove nothing. */
const rows: readonly (readonly [
  invariant: string,
  broken: string,
  story: string,
  leftIn: string | undefined,
  sabotages: readonly Sabotage[],
])[] = [
  ['stableServes', "stable's Service selects no ready pod", 'canary', undefined, [selectsNobody('web')]],
  [
    'weightOnCanary',
    '50% goes to a canary without a ready pod',
    'abort',
    undefined,
    [selectsNobody('web-canary')],
  ],
  ['weightOnStable', '50% goes to a stable without a ready pod', 'abort', undefined, [selectsNobody('web')]],
  [
    'traefikBackends',
    'a route of Traefik names the canary, which has no ready pod',
    'abort by a TraefikService',
    undefined,
    [atZero, selectsNobody('web-canary')],
  ],
  [
    'phaseIsKnown',
    'the state is in mirror, a phase without a highest weight',
    'abort',
    undefined,
    [entersUnknownPhase],
  ],
  ['weightIsAllowed', '90% on the canary in paused, which allows 50%', 'abort', undefined, [weighs(90)]],
  [
    'weightIsAllowed',
    '75% on the canary in paused, which allows 50%',
    'abort by the share of pods',
    undefined,
    [losesAll],
  ],
  ['audienceIsAllowed', 'the audience has rules in done', 'audience', undefined, [invites(100)]],
  ['audienceIsAllowed', '50% of the audience is on the canary', 'audience', 'step 1', [invites(50)]],
  ['capacityFirst', '50% on 1 canary pods of 3', 'canary', 'step 2', [weighs(50)]],
  ['stablePodsStay', "only 2 of stable's 3 pods are left in step", 'canary', 'step 2', [losesOne]],
  ['stableReplicasStay', "stable's replicas changed", 'canary', 'step 2', [scales]],
]

describe('the invariants of a rollout', () => {
  test.each(rows)('%s is broken: %s', async (_invariant, broken, story, leftIn, sabotages) => {
    const cluster = await midway(story, leftIn)
    expect(brokenInvariants(cluster)).toEqual([])
    for (const sabotage of sabotages) sabotage(cluster)
    expect(brokenInvariants(cluster)).toContain(broken)
  })

  test('have each a test that breaks them', () => {
    expect([...new Set(rows.map(([name]) => name))].sort()).toEqual([...invariantNames].sort())
  })
})
