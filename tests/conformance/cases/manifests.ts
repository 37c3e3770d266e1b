import { applyManifest, dryRunManifest, type KubeObject } from '@alt-las/kubernetes'
import { answer, object, place, type Case, type Step, type World } from '../world.ts'
import { image } from './pod-spec.ts'

type Make = (world: World) => KubeObject

const map = (data: object, metadata: object = {}, more: object = {}): Make =>
  object('v1', 'ConfigMap', { name: 'manifest', ...metadata }, { data, ...more })
const secret = (stringData: object): Make => object('v1', 'Secret', { name: 'manifest' }, { stringData })
const service = (selector: object, ports: readonly object[] = [{ port: 80 }]): Make =>
  object('v1', 'Service', { name: 'manifest' }, { spec: { selector, ports } })
const deployment = (containers: readonly object[], app = 'manifest'): Make =>
  object(
    'apps/v1',
    'Deployment',
    { name: 'manifest' },
    {
      spec: {
        replicas: 0,
        selector: { matchLabels: { app } },
        template: { metadata: { labels: { app } }, spec: { containers } },
      },
    },
  )

const container = (name: string, env: readonly object[] = []) => ({
  name,
  image,
  ...(env.length === 0 ? {} : { env }),
})
const [flag, other] = [
  { name: 'FLAG', value: '1' },
  { name: 'OTHER', value: '1' },
]

const apply =
  (make: Make, manager = 'one') =>
  (world: World) =>
    answer(() => applyManifest(make(world), manager, world.cluster))
const dryRun = (make: Make) => (world: World) =>
  answer(() => dryRunManifest(make(world), 'one', world.cluster))
const read = (apiVersion: string, kind: string) => (world: World) =>
  world.cluster.get(place(apiVersion, kind, world, 'manifest'))

/** Without what controllers write meanwhile. */
function own(found: unknown): unknown {
  const { metadata, ...rest } = found as Partial<KubeObject>
  const without = (fields: object, name: string) =>
    Object.fromEntries(Object.entries(fields).filter(([key]) => key !== name))
  return { ...without(rest, 'status'), metadata: without(metadata ?? {}, 'annotations') }
}

/** Applied once, and again with less. */
const less = (name: string, first: Make, second: Make): Step => ({
  name: `${name} that is no longer said is gone`,
  run: async (world) => [own(await apply(first)(world)), own(await apply(second)(world))],
})

/** What `kubectl apply` without `--server-side` would have left: an update that owns its fields and the record of them. */
async function byKubectl(make: Make, world: World): Promise<void> {
  const said = make(world)
  const annotations = { 'kubectl.kubernetes.io/last-applied-configuration': JSON.stringify(said) }
  const made = await world.cluster.apply({ ...said, metadata: { ...said.metadata, annotations } }, 'two')
  const value = made.metadata.managedFields?.map((one) => {
    const { manager, operation } = one as { readonly manager: string; readonly operation: string }
    return manager === 'two' && operation === 'Apply' ? { ...(one as object), operation: 'Update' } : one
  })
  const at = place(said.apiVersion, said.kind, world, said.metadata.name)
  await world.cluster.patch(at, [{ op: 'replace', path: '/metadata/managedFields', value }])
}

/** Manifests of which something is taken out, and what the server says to a dry run. */
export const manifests: Case = {
  name: 'manifests',
  steps: [
    { name: 'a dry run of what is not there', run: dryRun(map({ a: '1' })) },
    { name: 'a dry run stores nothing', run: read('v1', 'ConfigMap') },
    {
      name: 'a dry run fills in defaults',
      run: async (world) => own(await dryRun(deployment([container('main')]))(world)),
    },
    {
      name: 'a dry run into an absent namespace',
      run: (world) => dryRun(map({}, { namespace: `${world.namespace}-no` }))(world),
    },
    less('a key of a ConfigMap', map({ a: '1', b: '2' }), map({ a: '1' })),
    less('a label', map({ a: '1' }, { labels: { x: '1', y: '1' } }), map({ a: '1' }, { labels: { y: '1' } })),
    less('every label', map({ a: '1' }, { labels: { y: '1' } }), map({ a: '1' })),
    less('a key of stringData', secret({ a: '1', b: '2' }), secret({ a: '1' })),
    less('an entry of a selector', service({ app: 'x', tier: 'web' }), service({ app: 'x' })),
    less(
      'a port of a Service',
      service({ app: 'x' }, [
        { name: 'http', port: 80 },
        { name: 'admin', port: 81 },
      ]),
      service({ app: 'x' }, [{ name: 'http', port: 80 }]),
    ),
    less(
      'an env variable',
      deployment([container('main', [flag, other])]),
      deployment([container('main', [flag])]),
    ),
    less('the last env variable', deployment([container('main', [flag])]), deployment([container('main')])),
    less(
      'a container',
      deployment([container('main'), container('beside')]),
      deployment([container('main')]),
    ),
    {
      name: 'a dry run of a change answers it, and the version of what is there',
      run: async (world) => {
        const before = await read('v1', 'ConfigMap')(world)
        const dry = (await dryRun(map({ c: '3' }))(world)) as KubeObject
        const after = await read('v1', 'ConfigMap')(world)
        const version = (found: KubeObject | null) => found?.metadata.resourceVersion
        return [dry, after, version(dry) === version(before), version(after) === version(before)]
      },
    },
    {
      name: 'a dry run of a change that is not allowed',
      run: dryRun(deployment([container('main')], 'another')),
    },
    {
      name: 'a dry run of another manager does not take a field',
      run: async (world) => [
        await answer(() => world.cluster.dryRun(map({ a: '7' })(world), 'two')),
        await read('v1', 'ConfigMap')(world),
      ],
    },
    {
      name: 'what another manager says too stays',
      run: async (world) => [
        await apply(map({ a: '1', b: '2' }))(world),
        await apply(map({ b: '2' }), 'two')(world),
        await apply(map({ a: '1' }))(world),
      ],
    },
    {
      name: 'what client-side kubectl apply said and the manifest does not is gone',
      run: async (world) => {
        await byKubectl(map({ a: '1', b: '2' }, { name: 'by-kubectl', labels: { x: '1' } }), world)
        return apply(map({ a: '1' }, { name: 'by-kubectl' }))(world)
      },
    },
    {
      name: 'emptied managedFields have no owner',
      run: async (world) => {
        const at = place('v1', 'ConfigMap', world, 'by-kubectl')
        const cleared = await answer(() =>
          world.cluster.patch(at, [{ op: 'replace', path: '/metadata/managedFields', value: [{}] }]),
        )
        return [cleared, await apply(map({ z: '1' }, { name: 'by-kubectl' }))(world)]
      },
    },
  ],
}
