import type { Job, Pod, StatefulSet } from '@alt-las/kubernetes'
import { answer, awaited, object, place, type Case, type World } from '../world.ts'
import { podSpec } from './pod-spec.ts'

const apply = (world: World, make: ReturnType<typeof object>) =>
  answer(() => world.cluster.apply(make(world), 'one'))

const job = (name: string, command: readonly string[]) =>
  object(
    'batch/v1',
    'Job',
    { name },
    {
      spec: {
        backoffLimit: 0,
        template: {
          metadata: { labels: { app: name } },
          spec: { ...podSpec({ command }), restartPolicy: 'Never' },
        },
      },
    },
  )

const ended = (world: World, name: string) =>
  awaited(`Job ${name}`, world, async () => {
    const found = await world.cluster.get<Job>(place('batch/v1', 'Job', world, name))
    const end = found?.status?.conditions?.find(
      ({ type, status }) => status === 'True' && ['Complete', 'Failed'].includes(type),
    )
    return end === undefined
      ? null
      : [end.type, end.reason, found?.status?.succeeded ?? 0, found?.status?.failed ?? 0]
  })

export const jobsAndSets: Case = {
  name: 'jobs and sets',
  steps: [
    {
      name: 'a Job that succeeds, and one that fails',
      run: async (world) => {
        await apply(world, job('good', ['true']))
        await apply(world, job('bad', ['sh', '-c', 'exit 3']))
        return [await ended(world, 'good'), await ended(world, 'bad')]
      },
    },
    { name: "a Job's template is immutable", run: (world) => apply(world, job('good', ['false'])) },
    {
      name: 'a removed Job takes its pods with it',
      run: async (world) => {
        await world.cluster.remove(place('batch/v1', 'Job', world, 'good'), {})
        return awaited('its pods to go', world, async () => {
          const found = await world.cluster.list({ ...place('v1', 'Pod', world), labelSelector: 'app=good' })
          return found.length === 0 ? true : null
        })
      },
    },
    {
      name: 'a StatefulSet makes and replaces its pods',
      run: async (world) => {
        const settled = () =>
          awaited('StatefulSet set', world, async () => {
            const found = await world.cluster.get<StatefulSet>(place('apps/v1', 'StatefulSet', world, 'set'))
            const { status, metadata } = found ?? ({} as Partial<StatefulSet>)
            const done =
              status?.observedGeneration === metadata?.generation &&
              status?.updatedReplicas === 2 &&
              status.availableReplicas === 2
            return done && status.currentRevision === status.updateRevision ? found : null
          })
        const names = async () =>
          (await world.cluster.list<Pod>({ ...place('v1', 'Pod', world), labelSelector: 'app=set' })).map(
            ({ metadata, spec }) => [
              metadata.name,
              Object.keys(metadata.labels ?? {}).toSorted(),
              spec.containers[0]?.env,
            ],
          )
        const own = { app: 'set' }
        const set = (version: string, more: object = {}) =>
          object(
            'apps/v1',
            'StatefulSet',
            { name: 'set' },
            {
              spec: {
                replicas: 2,
                serviceName: 'set',
                selector: { matchLabels: own },
                template: { metadata: { labels: own }, spec: podSpec({ version }) },
                ...more,
              },
            },
          )
        await apply(world, set('1'))
        const first = await settled()
        const before = await names()
        await apply(world, set('2'))
        const second = await settled()
        const after = [
          await names(),
          first.status?.updateRevision !== second.status?.updateRevision,
          second.metadata.generation,
        ]
        return [before, after, await apply(world, set('2', { serviceName: 'other' }))]
      },
    },
  ],
}
