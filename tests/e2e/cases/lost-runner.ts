import assert from 'node:assert/strict'
import { atQuarter, guardImage, takenBack } from '../rollouts/lost.ts'
import { together } from '../rollouts/together.ts'
import { underLoad } from '../rollouts/under-load.ts'
import {
  expectFinished,
  expectServing,
  expectVerdict,
  openWorld,
  seconds,
  type World,
} from '../rollouts/world.ts'
import type { Stack } from '../stack.ts'
import type { Case } from './case.ts'

const namespace = 'lost'
const replicas = 4
/** Requests per second to each target. */
const rate = 50

export const lostRunner: Case = {
  name: 'lost-runner',
  title:
    'the dead-man’s switch takes the traffic back from a runner that is asleep; cancels, an autoscaler and a quiet service: no request is lost',
  minutes: 20,
  needs: 'v1.0.0 and v1.1.0',
  run: async ({ stack }) => {
    try {
      await together([
        withUsers(stack, 'asleep', sleepsAndWakes),
        withUsers(stack, 'cancelled', cancelledElsewhere),
      ])
      await withUsers(stack, 'autoscaled', autoscaled)
      await quiet(stack)
    } finally {
      // It takes its path of every host, since Traefik ranks a path above a host; while the namespace goes, it would outlive its pods.
      await stack.kubectl('delete', 'httproute', 'quiet', '-n', namespace, '--ignore-not-found')
      await stack.kubectl('delete', 'namespace', namespace, '--wait=false', '--ignore-not-found')
    }
  },
}

const quick = { 'rollback-window': '0s', bake: '0s', 'latency-margin': 'off' }

async function withUsers(
  stack: Stack,
  deployment: string,
  story: (world: World) => Promise<void>,
): Promise<void> {
  const inputs = { ...quick, 'guard-image': await guardImage(stack) }
  const world = await openWorld(stack, { namespace, deployment, host: `${deployment}.lab`, replicas, inputs })
  await underLoad(world, rate, () => story(world))
}

async function sleepsAndWakes(world: World): Promise<void> {
  const started = await atQuarter(world, 'asleep')
  started.signal('SIGSTOP')
  await takenBack(world)
  expectVerdict(await world.operate('abort'), 'rolled-back')
  await expectServing(world, world.old)
  const left = await versions(world)
  started.signal('SIGCONT')
  const { code, outputs } = await started.ended
  console.log(`asleep: it woke up and said: ${outputs['because'] ?? ''}`)
  assert.notEqual(code, 0)
  assert.deepEqual(await versions(world), left, 'it has written although another run had taken its place')
  assert.equal(outputs['outcome'], 'failed')
}

/** What a late write would change. */
async function versions({ stack, deployment }: World): Promise<readonly string[]> {
  const path = 'jsonpath={range .items[*]}{.kind}/{.metadata.name} {.metadata.resourceVersion}{"\\n"}{end}'
  const kinds = 'services,httproutes,configmaps'
  const text = await stack.kubectl('get', kinds, '-n', namespace, '-o', path)
  return text.split('\n').filter((line) => line.includes(deployment))
}

/** Signalled where no traffic has moved yet, or all of it goes by pods. */
async function cancelledElsewhere(world: World): Promise<void> {
  const points = [
    ['canary', /→ prepare/],
    ['blue-green', /→ prepare/],
    ['rolling', /→ roll/],
  ] as const
  for (const [strategy, line] of points) {
    const started = world.run(world.new, { release: `cancelled ${strategy}`, strategy })
    await started.said(line)
    await seconds(1.5)
    started.signal('SIGINT')
    await expectFinished(world, await started.ended)
    console.log(`cancelled: ${strategy} at ${line} is as it was`)
  }
}

async function autoscaled(world: World): Promise<void> {
  const { stack, deployment } = world
  await stack.kubectl('autoscale', `deployment/${deployment}`, '-n', namespace, '--min=2', '--max=6')
  await stack.kubectl('scale', `deployment/${deployment}`, '-n', namespace, '--replicas=5')
  const started = world.run(world.new, { release: 'autoscaled', steps: '50%:10s' })
  await started.said(/routes 50% to the canary/)
  assert.deepEqual(await bounds(world), { min: 5, max: 5, replicas: 5 })
  expectVerdict(await started.ended, 'promoted')
  assert.deepEqual(await bounds(world), { min: 2, max: 6, replicas: 5 })
  expectVerdict(
    await world.run(world.old, { release: 'autoscaled, rolling', strategy: 'rolling' }).ended,
    'promoted',
  )
  assert.deepEqual(await bounds(world), { min: 2, max: 6, replicas: 5 })
  console.log('autoscaled: held at 5 during the canary, 2 to 6 again after it; rolling left it alone')
}

async function bounds({ stack, deployment }: World) {
  interface Spec<T> {
    readonly spec: T
  }
  const scaler = await stack.get<Spec<{ minReplicas: number; maxReplicas: number }>>(
    'horizontalpodautoscaler',
    deployment,
    '-n',
    namespace,
  )
  const workload = await stack.get<Spec<{ replicas: number }>>('deployment', deployment, '-n', namespace)
  return { min: scaler.spec.minReplicas, max: scaler.spec.maxReplicas, replicas: workload.spec.replicas }
}

/** The only traffic is the action's own requests: enough for a proof. */
async function quiet(stack: Stack): Promise<void> {
  const world = await openWorld(stack, { namespace, deployment: 'quiet', replicas: 2, inputs: quick })
  const synthetic = `60/s http://${world.users.address}/version`
  const ended = await world.run(world.new, {
    release: 'quiet',
    steps: '50%:5s',
    'synthetic-requests': synthetic,
    'max-duration': '4m',
  }).ended
  expectVerdict(ended, 'promoted')
  assert.match(ended.log, /synthetic/)
  await expectServing(world, world.new)
}
