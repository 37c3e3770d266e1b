import { describe, expect, test } from '@jest/globals'
import type {
  Deployment,
  EndpointSlice,
  HTTPRoute,
  Job,
  KubeObject,
  Pod,
  ReplicaSet,
} from '@alt-las/kubernetes'
import { type Behaviour, fingerprint, simulate, type Simulation } from '../index.ts'

const labels = { app: 'web' }
const web = (image: string, spec: object = {}): Deployment => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', namespace: 'default' },
  spec: {
    replicas: 4,
    selector: { matchLabels: labels },
    template: { metadata: { labels }, spec: { containers: [{ name: 'web', image }] } },
    ...spec,
  },
})
const service: KubeObject & { spec: object } = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'web', namespace: 'default' },
  spec: { selector: labels, ports: [{ port: 80, targetPort: 8080 }] },
}
const at = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'default', name: 'web' }
const behaviour = (image: string) => (image.split(':')[1] ?? 'ready') as Behaviour
const world = () => simulate({ behaviour })
const stateOf = ({ cluster }: Simulation) => cluster.peek<Deployment>(at)
const running = ({ cluster }: Simulation) =>
  cluster.all<Pod>('Pod').filter(({ metadata }) => metadata.deletionTimestamp === undefined)

describe('Deployments', () => {
  test('a rollout ends with every pod of the new template, and counts revisions and generations', async () => {
    const one = world()
    await one.cluster.apply(web('a'), 'me')
    one.settle()
    expect(stateOf(one)?.status).toMatchObject({ observedGeneration: 1, replicas: 4, availableReplicas: 4 })
    await one.cluster.apply(web('b'), 'me')
    one.settle()
    expect(stateOf(one)).toMatchObject({
      metadata: { generation: 2, annotations: { 'deployment.kubernetes.io/revision': '2' } },
      status: { observedGeneration: 2, updatedReplicas: 4, replicas: 4 },
    })
    expect(running(one).map(({ spec }) => spec.containers[0]?.image)).toEqual(['b', 'b', 'b', 'b'])
  })

  test.each([
    [1, 0, 5, 4],
    [0, 1, 4, 3],
    ['50%', '50%', 6, 2],
    [0, 0, 4, 3],
  ])(
    'surge %s and unavailable %s: never more than %i pods, never fewer than %i ready',
    async (maxSurge, maxUnavailable, most, fewest) => {
      const strategy = { rollingUpdate: { maxSurge, maxUnavailable } }
      const one = world()
      await one.cluster.apply(web('a', { strategy }), 'me')
      one.settle()
      const counts: number[] = []
      const ready: number[] = []
      one.cluster.hooks.onWrite = () => {
        const pods = running(one)
        counts.push(pods.length)
        ready.push(pods.filter(({ status }) => status?.containerStatuses?.[0]?.ready === true).length)
      }
      await one.cluster.apply(web('b', { strategy }), 'me')
      one.settle()
      expect([Math.max(...counts), Math.min(...ready)]).toEqual([most, fewest])
      expect(stateOf(one)?.status?.updatedReplicas).toBe(4)
    },
  )

  test('Recreate begins the new pods only when no old one is left', async () => {
    const strategy = { type: 'Recreate' }
    const one = world()
    await one.cluster.apply(web('a', { strategy }), 'me')
    one.settle()
    const images = new Set<string>()
    one.cluster.hooks.onWrite = () =>
      images.add(
        [...new Set(one.cluster.all<Pod>('Pod').map(({ spec }) => spec.containers[0]?.image))].join(),
      )
    await one.cluster.apply(web('b', { strategy }), 'me')
    one.settle()
    expect([...images]).toEqual(['a', '', 'b'])
  })

  test('a version that never gets ready is told after the progress deadline, and the old one stays', async () => {
    const one = world()
    await one.cluster.apply(web('a'), 'me')
    one.settle()
    await one.cluster.apply(web('b:crash', { progressDeadlineSeconds: 60 }), 'me')
    one.clock.advance(70_000)
    const progress = stateOf(one)?.status?.conditions?.find(({ type }) => type === 'Progressing')
    expect(progress).toMatchObject({ status: 'False', reason: 'ProgressDeadlineExceeded' })
    expect(stateOf(one)?.status?.availableReplicas).toBe(3)
  })

  test('a template that comes back gets its set with the newest revision; a history of one forgets the rest', async () => {
    const one = world()
    for (const image of ['a', 'b', 'c', 'a']) {
      await one.cluster.apply(web(image, { revisionHistoryLimit: 1 }), 'me')
      one.settle()
    }
    const revisions = one.cluster
      .all<ReplicaSet>('ReplicaSet')
      .map(({ metadata }) => metadata.annotations?.['deployment.kubernetes.io/revision'])
    expect(revisions.toSorted()).toEqual(['3', '4'])
  })

  test('a paused one is not rolled out, but scaled', async () => {
    const one = world()
    await one.cluster.apply(web('a'), 'me')
    one.settle()
    await one.cluster.apply(web('b', { paused: true, replicas: 6 }), 'me')
    one.settle()
    expect(running(one).map(({ spec }) => spec.containers[0]?.image)).toEqual(Array(6).fill('a'))
  })
})

describe('pods', () => {
  test('that were told to end stay for a while, without traffic', async () => {
    const one = simulate({ objects: [service] })
    await one.cluster.apply(web('a'), 'me')
    one.settle()
    const pod = one.cluster.all<Pod>('Pod')[0]
    await one.cluster.remove(
      { apiVersion: 'v1', kind: 'Pod', namespace: 'default', name: pod?.metadata.name ?? '' },
      {},
    )
    one.clock.advance(500)
    expect(one.cluster.all('Pod')).toHaveLength(5)
    const ends = one.cluster.all<EndpointSlice>('EndpointSlice')[0]?.endpoints ?? []
    expect(ends.filter(({ conditions }) => conditions?.ready === true)).toHaveLength(3)
    one.settle()
    expect(one.cluster.all('Pod')).toHaveLength(4)
  })

  test('go with their owner, also those that were made when it was gone', async () => {
    const one = world()
    await one.cluster.apply(web('a'), 'me')
    one.settle()
    await one.cluster.remove(at, {})
    expect(one.cluster.all('ReplicaSet')).toHaveLength(1)
    one.cluster.put({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'late', ownerReferences: [{ kind: 'Deployment', name: 'web', uid: 'uid-0' }] },
    })
    one.settle()
    expect(one.cluster.all()).toEqual([])
  })
})

describe('other controllers', () => {
  const job = (image: string): KubeObject & { spec: object } => ({
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: 'job', namespace: 'default' },
    spec: {
      backoffLimit: 1,
      template: { spec: { restartPolicy: 'Never', containers: [{ name: 'job', image }] } },
    },
  })

  test.each([
    ['ready', 'Complete', 1],
    ['crash', 'Failed', 2],
    ['image-pull', undefined, 1],
  ])('a Job of %s pods ends as %s after %i', async (image, type, pods) => {
    const one = simulate({ behaviour: () => image as Behaviour })
    await one.cluster.apply(job('j'), 'me')
    one.clock.advance(120_000)
    expect(one.cluster.all<Job>('Job')[0]?.status?.conditions?.at(-1)?.type).toBe(type)
    expect(one.cluster.all('Pod')).toHaveLength(pods)
  })

  test('a StatefulSet makes its pods in order and replaces them backwards', async () => {
    const one = world()
    const order: string[] = []
    one.cluster.hooks.onWrite = ({ type, object }) => {
      if (object.kind === 'Pod' && type === 'added') order.push(object.metadata.name)
    }
    const set = (image: string) => ({
      ...web(image, { replicas: 3, serviceName: 'web' }),
      kind: 'StatefulSet',
    })
    await one.cluster.apply(set('a'), 'me')
    one.settle()
    await one.cluster.apply(set('b'), 'me')
    one.settle()
    expect(order).toEqual(['web-0', 'web-1', 'web-2', 'web-2', 'web-1', 'web-0'])
    expect(one.cluster.all<Deployment>('StatefulSet')[0]?.status).toMatchObject({
      updatedReplicas: 3,
      readyReplicas: 3,
    })
  })

  test('a DaemonSet has one pod on each node', async () => {
    const node = (name: string) => ({ apiVersion: 'v1', kind: 'Node', metadata: { name } })
    const one = simulate({ objects: [node('a'), node('b')] })
    const { replicas, ...spec } = web('a').spec
    await one.cluster.apply({ ...web('a'), kind: 'DaemonSet', spec } as KubeObject, 'me')
    one.settle()
    expect([replicas, one.cluster.all<Pod>('Pod').map((pod) => pod.spec.nodeName)]).toEqual([4, ['a', 'b']])
  })

  test('an autoscaler follows the load between its bounds, and takes the number from who applied it', async () => {
    let load = 9
    const one = simulate({ load: () => load })
    await one.cluster.apply(web('a'), 'me')
    one.cluster.put({
      apiVersion: 'autoscaling/v2',
      kind: 'HorizontalPodAutoscaler',
      metadata: { name: 'web' },
      spec: { minReplicas: 2, maxReplicas: 6, scaleTargetRef: { kind: 'Deployment', name: 'web' } },
    } as KubeObject)
    one.settle()
    expect(stateOf(one)?.spec.replicas).toBe(6)
    const { replicas, ...rest } = web('a').spec
    await one.cluster.apply({ ...web('a'), spec: rest } as Deployment, 'me')
    expect([replicas, stateOf(one)?.spec.replicas]).toEqual([4, 6])
    load = 0
    one.cluster.put({ ...web('z'), metadata: { name: 'other' } } as KubeObject)
    one.settle()
    expect(stateOf(one)?.spec.replicas).toBe(2)
  })

  test('a route is accepted in its newest generation, and resolved once its Services are there', async () => {
    const one = world()
    const route: HTTPRoute = {
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: 'HTTPRoute',
      metadata: { name: 'web', namespace: 'default' },
      spec: { parentRefs: [{ name: 'gateway' }], rules: [{ backendRefs: [{ name: 'web', port: 80 }] }] },
    }
    const verdicts = () =>
      one.cluster
        .all<HTTPRoute>('HTTPRoute')[0]
        ?.status?.parents?.[0]?.conditions?.map(({ status, observedGeneration }) => [
          status,
          observedGeneration,
        ])
    await one.cluster.apply(route, 'me')
    one.settle()
    expect(verdicts()).toEqual([
      ['True', 1],
      ['False', 1],
    ])
    await one.cluster.apply(service, 'me')
    one.settle()
    expect(verdicts()).toEqual([
      ['True', 1],
      ['True', 1],
    ])
  })
})

describe('snapshots', () => {
  test('a fork goes on alone, as the original would', async () => {
    const one = world()
    await one.cluster.apply(web('a'), 'me')
    one.clock.advance(600)
    const shot = one.snapshot()
    const fork = simulate({ behaviour, from: shot })
    one.settle()
    fork.settle()
    expect(fork.clock.elapsed()).toBe(one.clock.elapsed())
    expect(fingerprint(fork.snapshot())).toBe(fingerprint(one.snapshot()))
    await fork.cluster.remove(at, {})
    expect(stateOf(one)).not.toBeNull()
    expect(fingerprint(simulate({ from: shot }).snapshot())).toBe(fingerprint(shot))
  })

  test('histories that differ only in invisible numbers have the same fingerprint', async () => {
    const map = (name: string, data: object = {}) =>
      ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: 'default' }, data }) as KubeObject
    const told = async (...names: readonly string[]) => {
      const one = world()
      for (const name of names) await one.cluster.apply(map(name), 'me')
      return one
    }
    const [ab, ba, aa] = [await told('a', 'b'), await told('b', 'a'), await told('a', 'c')]
    expect(fingerprint(ab.snapshot())).toBe(fingerprint(ba.snapshot()))
    expect(fingerprint(ab.snapshot())).not.toBe(fingerprint(aa.snapshot()))
    // A version that another object remembers can be told.
    for (const one of [ab, ba])
      one.cluster.put(map('note', { seen: ab.cluster.peek(atOf('a'))?.metadata.resourceVersion ?? '' }))
    expect(fingerprint(ab.snapshot())).not.toBe(fingerprint(ba.snapshot()))
  })

  const atOf = (name: string) => ({ apiVersion: 'v1', kind: 'ConfigMap', namespace: 'default', name })
})
