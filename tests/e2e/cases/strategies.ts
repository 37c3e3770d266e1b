import assert from 'node:assert/strict'
import { startProbe } from '../rollouts/probe.ts'
import { startAction, type Ended } from '../rollouts/runner.ts'
import { objectsOf, podOf, written } from '../rollouts/target.ts'
import { together } from '../rollouts/together.ts'
import { underLoad } from '../rollouts/under-load.ts'
import {
  container,
  expectServing,
  expectVerdict,
  openWorld,
  released,
  seconds,
  type World,
} from '../rollouts/world.ts'
import type { Stack } from '../stack.ts'
import type { Case } from './case.ts'

const namespace = 'strategies'
const quick = { 'rollback-window': '0s', bake: '5s', 'latency-margin': 'off' }
/** Requests per second to each target with users. */
const rate = 60

export const strategies: Case = {
  name: 'strategies',
  title:
    'blue-green stops for a preview, a migration runs before the first pod, configuration comes back with its version, sets are rolled and brought back',
  minutes: 12,
  needs: 'v1.0.0 and v1.1.0',
  run: async ({ stack }) => {
    // Before the others, whose runs would meet in making the namespace.
    const world = await open(stack, 'preview')
    await together([
      underLoad(world, rate, () => preview(world)),
      open(stack, 'migrated').then((one) => underLoad(one, rate, () => migrated(one))),
      open(stack, 'configured').then((one) => underLoad(one, rate, () => configured(one))),
      rolled(stack, 'StatefulSet'),
      rolled(stack, 'DaemonSet'),
    ])
    await stack.kubectl('delete', 'namespace', namespace, '--wait=false')
  },
}

const targetOf = (deployment: string) => ({ namespace, deployment, host: `${deployment}.lab`, replicas: 2 })

const open = (stack: Stack, deployment: string): Promise<World> =>
  openWorld(stack, { ...targetOf(deployment), inputs: quick })

/** Green is looked at behind its own Service while every user gets blue; another job promotes it. */
async function preview(world: World): Promise<void> {
  const { stack, deployment } = world
  const probe = startProbe({ ...world.users, rate: 20 })
  const inputs = { release: 'previewed', strategy: 'blue-green', 'pause-at': 'preview' }
  expectVerdict(await world.run(world.new, inputs).ended, 'paused')
  const path = `/api/v1/namespaces/${namespace}/services/${deployment}-preview:80/proxy/version`
  for (let i = 0; i < 10; i += 1) assert.match(await stack.kubectl('get', '--raw', path), digestOf(world.new))
  await seconds(3)
  await probe.stop()
  const by = probe.between(0, Date.now())
  assert.deepEqual(Object.keys(by), [world.old.slice(world.old.indexOf('@') + 1)], 'users met green')
  expectVerdict(await world.operate('promote'), 'promoted')
  await expectServing(world, world.new)
}

const digestOf = (image: string) => new RegExp(image.slice(image.indexOf('@') + 1))

/** A migration that fails leaves everything as it was; one that succeeds comes before the first pod. */
async function migrated(world: World): Promise<void> {
  const job = (script: string) =>
    written([
      {
        apiVersion: 'batch/v1',
        kind: 'Job',
        metadata: { name: 'migrate', namespace },
        spec: {
          backoffLimit: 0,
          template: {
            spec: {
              restartPolicy: 'Never',
              ...podOf({ name: 'migrate', container: { image: container.image, args: ['-e', script] } }),
            },
          },
        },
      },
    ])
  const before = await standing(world)
  const failing = job("console.error('column already exists'); process.exit(1)")
  const failed = await world.run(world.new, { release: 'migrated', before: failing, steps: '50%:5s' }).ended
  expectVerdict(failed, 'rolled-back')
  assert.match(failed.outputs['because'] ?? '', /column already exists/)
  assert.deepEqual(await standing(world), before, 'the Deployment or its pods were touched')
  const fine = job("console.log('migrated by ' + process.version)")
  const done = await world.run(world.new, { release: 'migrated again', before: fine, steps: '50%:5s' }).ended
  expectVerdict(done, 'promoted')
  const timeline = done.document?.evidence.targets?.[0]?.timeline ?? []
  assert.deepEqual(
    timeline.slice(0, 3).map(({ phase }) => phase),
    ['apply', 'pre-deploy', 'prepare'],
  )
}

/** The mark of a run, which is an annotation, counts as a generation: what is asked for and who runs is what matters. */
async function standing({ stack, deployment }: World) {
  const spec = await stack.kubectl('get', 'deployment', deployment, '-n', namespace, '-o', 'jsonpath={.spec}')
  const pods = await stack.pods(deployment, namespace)
  return { spec, pods: pods.map(({ name }) => name).toSorted() }
}

/** The same image with other settings is another version; a rollback brings the settings back. */
async function configured(world: World): Promise<void> {
  const { deployment: name } = world
  const withSettings = (mode: string) =>
    written([
      {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: 'settings', namespace },
        data: { MODE: mode },
      },
      ...objectsOf({
        ...targetOf(name),
        name,
        container: { ...container, envFrom: [{ configMapRef: { name: 'settings' } }] },
      }),
    ])
  for (const mode of ['calm', 'eager']) {
    const inputs = { release: mode, manifests: withSettings(mode), steps: '50%:5s' }
    expectVerdict(await world.run(world.old, inputs).ended, 'promoted')
    assert.deepEqual(await modes(world), { plain: mode, used: mode })
  }
  const back = { namespace, deployment: name, operation: 'rollback', release: 'eager' }
  expectVerdict(await startAction(world.stack, { ...back, ...metrics, ...quick }).ended, 'rolled-back')
  assert.deepEqual(await modes(world), { plain: 'calm', used: 'calm' })
}

const metrics = { 'metrics-url': 'service://atlas-production/prometheus:9090' }

/** What the ConfigMap says under its own name, and under the one that the pods refer to. */
async function modes({ stack, deployment }: World) {
  const read = (kind: string, name: string, path: string) =>
    stack.kubectl('get', kind, name, '-n', namespace, '-o', `jsonpath={${path}}`)
  const used = await read(
    'deployment',
    deployment,
    '.spec.template.spec.containers[0].envFrom[0].configMapRef.name',
  )
  return {
    plain: await read('configmap', 'settings', '.data.MODE'),
    used: await read('configmap', used, '.data.MODE'),
  }
}

/** Rolled by its own strategy; a version that crashes goes back. */
async function rolled(stack: Stack, kind: 'StatefulSet' | 'DaemonSet'): Promise<void> {
  const name = kind.toLowerCase()
  const labels = { 'app.kubernetes.io/name': name }
  const manifests = (more: object) =>
    written([
      {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name, namespace },
        spec: {
          clusterIP: 'None',
          selector: labels,
          ports: [{ name: 'http', port: 80, targetPort: 'http' }],
        },
      },
      {
        apiVersion: 'apps/v1',
        kind,
        metadata: { name, namespace, labels },
        spec: {
          ...(kind === 'StatefulSet' && { serviceName: name, replicas: 2 }),
          selector: { matchLabels: labels },
          template: { metadata: { labels }, spec: podOf({ name, container: { ...container, ...more } }) },
        },
      },
    ])
  const run = (of: string, release: string, more: object = {}): Promise<Ended> =>
    startAction(stack, {
      ...{ namespace, deployment: name, strategy: 'rolling', image: of, release },
      manifests: manifests(more),
    }).ended
  const [old, fresh] = [await released(stack, '1.0.0'), await released(stack, '1.1.0')]
  expectVerdict(await run(old, 'r1'), 'promoted')
  expectVerdict(await run(fresh, 'r2'), 'promoted')
  const crashing = { args: ['-e', 'process.exit(3)'] }
  const crashed = await run(old, 'r3', crashing)
  expectVerdict(crashed, 'rolled-back')
  assert.match(crashed.outputs['because'] ?? '', /exit code 3/)
  const running = (await stack.pods(name, namespace)).filter(({ ready }) => ready)
  assert.deepEqual(new Set(running.map((pod) => pod.image)), new Set([fresh]))
  assert.equal(running.length, kind === 'StatefulSet' ? 2 : 1)
}
