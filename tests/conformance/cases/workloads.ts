import type { Deployment, EndpointSlice, KubeObject, Pod, ReplicaSet, Service } from '@alt-las/kubernetes'
import { image, podSpec, type PodShape } from './pod-spec.ts'
import { answer, awaited, gone, object, place, type Case, type World } from '../world.ts'

const labels = { app: 'web' }

interface Shape extends PodShape {
  readonly spec?: object
  readonly template?: object
}

const web = (shape: Shape = {}, metadata: object = {}) =>
  object(
    'apps/v1',
    'Deployment',
    { name: 'web', ...metadata },
    {
      spec: {
        replicas: 2,
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: podSpec(shape), ...shape.template },
        ...shape.spec,
      },
    },
  )

const at = (world: World, name = 'web') => place('apps/v1', 'Deployment', world, name)
const apply = (world: World, make: (world: World) => KubeObject, manager = 'one') =>
  answer(() => world.cluster.apply(make(world), manager))
/** Without the status, which depends on the moment. */
const wanted = (found: unknown) => ({ ...(found as object), status: undefined })

/** Ready in its newest generation. */
const settled = (world: World, name = 'web') =>
  awaited(`Deployment ${name}`, world, async () => {
    const found = await world.cluster.get<Deployment>(at(world, name))
    const { spec, status, metadata } = found ?? ({} as Partial<Deployment>)
    const all = [status?.updatedReplicas, status?.availableReplicas, status?.replicas]
    const isSettled =
      status?.observedGeneration === metadata?.generation && all.every((one) => (one ?? 0) === spec?.replicas)
    return isSettled ? found : null
  })

const setsOf = async (world: World) => {
  const sets = await world.cluster.list<ReplicaSet>({
    ...place('apps/v1', 'ReplicaSet', world),
    labelSelector: 'app=web',
  })
  const revision = ({ metadata }: ReplicaSet) =>
    metadata.annotations?.['deployment.kubernetes.io/revision'] ?? ''
  return sets
    .toSorted((one, other) => (revision(one) < revision(other) ? -1 : 1))
    .map((set) => ({
      revision: revision(set),
      replicas: [set.spec.replicas, set.status?.replicas, set.status?.availableReplicas],
      version: set.spec.template?.spec.containers[0]?.env,
      labels: Object.keys(set.metadata.labels ?? {}).toSorted(),
      selector: Object.keys(set.spec.selector.matchLabels ?? {}).toSorted(),
      owners: set.metadata.ownerReferences?.map(({ kind, name, controller }) => ({ kind, name, controller })),
      isNamed: set.metadata.name === `web-${set.metadata.labels?.['pod-template-hash'] ?? ''}`,
    }))
}

const verdicts = (conditions: Deployment['status'] | undefined) =>
  (conditions?.conditions ?? [])
    .map(({ type, status, reason }) => ({ type, status, reason }))
    .toSorted((a, b) => (a.type < b.type ? -1 : 1))

/** Generations, immutable fields, defaults, and what the controllers of the workloads make of them. */
export const workloads: Case = {
  name: 'workloads',
  steps: [
    {
      name: 'a Deployment is created with its defaults',
      run: async (world) => wanted(await apply(world, web())),
    },
    {
      name: 'its controller says that it has seen it, and that it is there',
      run: async (world) => {
        const { status, metadata } = await settled(world)
        return [metadata.generation, { ...status, conditions: verdicts(status) }]
      },
    },
    { name: 'its set', run: setsOf },
    {
      name: 'a label is no new generation',
      run: async (world) =>
        ((await apply(world, web({}, { labels: { team: 'a' } }))) as KubeObject).metadata.generation,
    },
    {
      name: 'a patch cannot change the status',
      run: async (world) => {
        const after = await world.cluster.patch<Deployment>(at(world), [
          { op: 'replace', path: '/status/replicas', value: 99 },
        ])
        return [after.status?.replicas, after.metadata.generation]
      },
    },
    {
      name: 'the selector is immutable',
      run: (world) =>
        apply(
          world,
          web({
            spec: { selector: { matchLabels: { app: 'web', x: 'y' } } },
            template: { metadata: { labels: { app: 'web', x: 'y' } } },
          }),
        ),
    },
    {
      name: 'the template must have the labels of the selector',
      run: (world) => apply(world, web({ template: { metadata: { labels: { app: 'no' } } } })),
    },
    { name: 'a negative number of replicas', run: (world) => apply(world, web({ spec: { replicas: -1 } })) },
    {
      name: 'a new template is a new generation',
      run: async (world) => wanted(await apply(world, web({ version: '2' }))),
    },
    {
      name: 'and a new revision',
      run: async (world) => [(await settled(world)).metadata.annotations, await setsOf(world)],
    },
    {
      name: 'the old template gets its old set with a new revision',
      run: async (world) => {
        await apply(world, web())
        return [(await settled(world)).metadata.generation, await setsOf(world)]
      },
    },
    {
      name: 'replicas that another has set are no longer those of who applied them',
      run: async (world) => {
        await world.cluster.patch(at(world), [{ op: 'replace', path: '/spec/replicas', value: 3 }])
        const after = await world.cluster.apply(web({ spec: { replicas: undefined } })(world), 'one')
        return wanted(after)
      },
    },
    {
      name: 'env and containers merge by name',
      run: async (world) => {
        const more = { spec: { containers: [{ name: 'web', image, env: [{ name: 'MORE', value: 'x' }] }] } }
        const other = object(
          'apps/v1',
          'Deployment',
          { name: 'web' },
          { spec: { replicas: 1, selector: { matchLabels: labels }, template: more } },
        )
        return wanted(await apply(world, other, 'two'))
      },
    },
    {
      name: 'what one manager no longer says goes, and what the other says stays',
      run: async (world) => {
        // The controller notes the revision of the template before on the object, and takes its time.
        await settled(world)
        return wanted(
          await apply(
            world,
            web({
              spec: { replicas: 1 },
              template: {
                spec: {
                  terminationGracePeriodSeconds: 1,
                  containers: [{ name: 'web', image, command: ['sleep', '1000000'] }],
                },
              },
            }),
          ),
        )
      },
    },
    {
      name: 'a Service has a slice with the ready pods',
      run: async (world) => {
        await settled(world)
        const made = await apply(
          world,
          object(
            'v1',
            'Service',
            { name: 'web' },
            { spec: { selector: labels, ports: [{ port: 80, targetPort: 8080 }] } },
          ),
        )
        return [made, await endpointsOf(world, 1)]
      },
    },
    {
      name: 'a selector is replaced as a whole by who applies it',
      run: async (world) => {
        const service = place('v1', 'Service', world, 'web')
        const pinned = await world.cluster.patch<Service>(service, [
          { op: 'test', path: '/spec/selector', value: labels },
          { op: 'replace', path: '/spec/selector', value: { ...labels, 'pod-template-hash': 'none' } },
        ])
        const none = await endpointsOf(world, 0)
        const make = object(
          'v1',
          'Service',
          { name: 'web' },
          { spec: { selector: { app: 'web' }, ports: [{ port: 80, targetPort: 8080 }] } },
        )
        return [pinned.spec.selector, none, await apply(world, make), await endpointsOf(world, 1)]
      },
    },
    {
      name: 'the address of a Service is immutable',
      run: (world) =>
        answer(() =>
          world.cluster.patch(place('v1', 'Service', world, 'web'), [
            { op: 'replace', path: '/spec/clusterIP', value: '10.96.250.250' },
          ]),
        ),
    },
    {
      name: 'a pod that is removed goes after its grace, and is replaced',
      run: async (world) => {
        const pods = { ...place('v1', 'Pod', world), labelSelector: 'app=web' }
        const [first] = await world.cluster.list<Pod>(pods)
        const pod = place('v1', 'Pod', world, first?.metadata.name ?? '')
        await world.cluster.remove(pod, { uid: first?.metadata.uid ?? '' })
        const ending = await world.cluster.get<Pod>(pod)
        await awaited('another pod', world, async () => {
          const now = await world.cluster.list<Pod>(pods)
          return now.length === 1 && now[0]?.metadata.uid !== first?.metadata.uid ? true : null
        })
        return [ending?.metadata.deletionTimestamp !== undefined, (await settled(world)).metadata.generation]
      },
    },
    {
      name: 'a removed Deployment takes its sets and pods with it',
      run: async (world) => {
        await world.cluster.remove(at(world), {})
        const left = (apiVersion: string, kind: string) =>
          awaited(`every ${kind} to go`, world, async () => {
            const found = await world.cluster.list({
              ...place(apiVersion, kind, world),
              labelSelector: 'app=web',
            })
            return found.length === 0 ? true : null
          })
        return [await gone(at(world), world), await left('apps/v1', 'ReplicaSet'), await left('v1', 'Pod')]
      },
    },
    {
      name: 'removing with a finalizer is a new generation',
      run: async (world) => {
        await apply(world, web({ spec: { replicas: 0 } }, { name: 'kept', finalizers: ['example.com/keep'] }))
        await world.cluster.remove(at(world, 'kept'), {})
        const ending = await world.cluster.get<Deployment>(at(world, 'kept'))
        await world.cluster.patch(at(world, 'kept'), [{ op: 'remove', path: '/metadata/finalizers' }])
        return [ending?.metadata.generation, await gone(at(world, 'kept'), world)]
      },
    },
  ],
}

async function endpointsOf(world: World, count: number): Promise<unknown> {
  return awaited(`${count} endpoints`, world, async () => {
    const slices = await world.cluster.list<EndpointSlice>({
      ...place('discovery.k8s.io/v1', 'EndpointSlice', world),
      labelSelector: 'kubernetes.io/service-name=web',
    })
    const all = slices.flatMap(({ endpoints }) => endpoints ?? [])
    if (
      slices.length === 0 ||
      all.length !== count ||
      all.some(({ conditions }) => conditions?.ready !== true)
    )
      return null
    return [
      all.map(({ conditions, targetRef }) => [conditions, targetRef?.kind]),
      slices[0]?.ports,
      slices[0]?.addressType,
      slices[0]?.endpoints === null,
    ]
  })
}
