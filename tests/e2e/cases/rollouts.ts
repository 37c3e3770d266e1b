import assert from 'node:assert/strict'
import { binomialBound, firstAnswer, startProbe, type Probe } from '../rollouts/probe.ts'
import { canaryWeight } from '../rollouts/route.ts'
import { startAction, type Ended, type Started } from '../rollouts/runner.ts'
import { handOver, manifests } from '../rollouts/target.ts'
import type { Stack } from '../stack.ts'
import type { Case } from './case.ts'

const [namespace, deployment, host] = ['rollouts', 'target', 'rollouts.lab']
/** Enough for shares of a quarter. */
const replicas = 4
const container = {
  image: 'ghcr.io/alt-las/segmentation-service',
  env: [{ name: 'IMAGE_DIGEST', value: '' }],
}
/** Requests per second: more than a hundred thousand over all stories. */
const rate = 300
const fewest = 100_000
/** A gateway takes up to some seconds for a weight; nothing is counted meanwhile. */
const settleMs = 5000

export const rollouts: Case = {
  name: 'rollouts',
  title:
    'canary, blue-green there and back, abort at 50 %, cancel at 25 %, SIGKILL at three points: no request of 100 000 is lost',
  run: async ({ stack }) => {
    await handOver(stack, namespace)
    const world = await begin(stack)
    const users = { address: '10.96.0.80', host, path: '/version', rate }
    await firstAnswer(users)
    const probe = startProbe(users)
    try {
      await canary(world, probe)
      await blueGreen(world)
      await switchBack(world)
      await abortAtHalf(world, probe)
      await cancelAtQuarter(world, probe)
      for (const point of ['prepare', 'step 1', 'promote-stable']) await killedIn(point, world)
      while (probe.sent() < fewest) await seconds(5)
    } finally {
      await probe.stop()
      console.log(`load: ${String(probe.sent())} requests, lost: ${JSON.stringify(probe.reasons)}`)
    }
    assert.deepEqual(probe.reasons, {}, 'requests were lost')
  },
}

/** This case is about lost requests; `judged` is about the judge, who takes the time that latencies need here. */
const quick = { 'rollback-window': '5s', bake: '5s', 'latency-margin': 'off' }

/** Two released versions, and how to run the action on the target. */
interface World {
  readonly stack: Stack
  readonly old: string
  readonly new: string
  run(image: string, inputs: Readonly<Record<string, string>>): Started
  operate(operation: 'promote' | 'abort' | 'status'): Promise<Ended>
  /** The post step of an interrupted run. */
  post(of: Ended): Promise<Ended>
}

async function begin(stack: Stack): Promise<World> {
  const repository = 'alt-las/segmentation-service'
  const image = async (tag: string) => `ghcr.io/${repository}@${await stack.registry.digest(repository, tag)}`
  const common = { namespace, deployment, 'metrics-url': 'service://atlas-production/prometheus:9090' }
  const files = manifests({ namespace, name: deployment, host, replicas, container })
  const run: World['run'] = (of, inputs) =>
    startAction(stack, { ...common, ...quick, image: of, manifests: files, ...inputs })
  const operate: World['operate'] = (operation) => startAction(stack, { ...common, operation }).ended
  const post: World['post'] = ({ inputs, kept }) => startAction(stack, inputs, kept).ended
  const world = { stack, old: await image('1.0.0'), new: await image('1.1.0'), run, operate, post }
  const first = await run(world.old, { release: 'r1' }).ended
  expectVerdict(first, 'promoted')
  return world
}

async function canary(world: World, probe: Probe): Promise<void> {
  const started = world.run(world.new, { release: 'r2', steps: '10%:15s, 50%:15s' })
  await started.said(/routes 10% to the canary/)
  const first = Date.now()
  await started.said(/routes 50% to the canary/)
  const second = Date.now()
  await started.said(/routes 100% to the canary/)
  const third = Date.now()
  expectVerdict(await started.ended, 'promoted')
  expectShare(probe, world.new, { percent: 10, from: first, to: second })
  expectShare(probe, world.new, { percent: 50, from: second, to: third })
}

const switching = { strategy: 'blue-green', bake: '10s' }

async function blueGreen(world: World): Promise<void> {
  expectVerdict(await world.run(world.old, { ...switching, release: 'r3' }).ended, 'promoted')
}

/** Switched to green, then taken back by an abort: blue has stayed warm. */
async function switchBack(world: World): Promise<void> {
  const started = world.run(world.new, { ...switching, release: 'r4', 'rollback-window': '10m' })
  await started.said(/→ warm/)
  await seconds(3)
  started.signal('SIGINT')
  await expectFinished(world, await started.ended)
}

async function abortAtHalf(world: World, probe: Probe): Promise<void> {
  const started = world.run(world.new, { release: 'r5', steps: '50%:10s, pause, 60%:10s' })
  await started.said(/routes 50% to the canary/)
  const from = Date.now()
  expectVerdict(await started.ended, 'paused')
  const to = Date.now()
  expectShare(probe, world.new, { percent: 50, from, to })
  expectVerdict(await world.operate('abort'), 'rolled-back')
  await expectServing(world, world.old)
}

async function cancelAtQuarter(world: World, probe: Probe): Promise<void> {
  const started = world.run(world.new, { release: 'r6', steps: '25%:10m' })
  await started.said(/routes 25% to the canary/)
  const from = Date.now()
  await seconds(20)
  const signalled = Date.now()
  started.signal('SIGINT')
  while ((await canaryWeight(world.stack, { namespace, name: deployment })) > 0)
    assert.ok(Date.now() - signalled < 20_000, 'never taken back')
  const took = Date.now() - signalled
  console.log(`cancel: the route was seen without the canary ${String(took)} ms after the signal`)
  assert.ok(took < 2000, 'the traffic came back later than 2 s after the signal')
  expectShare(probe, world.new, { percent: 25, from, to: signalled })
  await expectFinished(world, await started.ended)
}

/** An interrupted run failed, and its post step leaves nothing of it. */
async function expectFinished(world: World, ended: Ended): Promise<void> {
  assert.notEqual(ended.code, 0)
  const { log } = await world.post(ended)
  console.log(`post step: ${log.trim().split('\n').at(-1) ?? ''}`)
  await expectServing(world, world.old)
}

/** The runner is gone without a word; the next run of the same plan goes on and promotes. */
async function killedIn(point: string, world: World): Promise<void> {
  const [from, to] =
    (await servingImage(world)) === world.old ? [world.old, world.new] : [world.new, world.old]
  const inputs = { release: `killed in ${point}`, steps: '25%:10s' }
  const started = world.run(to, inputs)
  await started.said(new RegExp(`→ ${point}`))
  await seconds(point === 'step 1' ? 8 : 1)
  started.signal('SIGKILL')
  assert.equal((await started.ended).code, null)
  console.log(`killed in ${point} on the way from ${from.slice(-8)} to ${to.slice(-8)}`)
  expectVerdict(await world.run(to, inputs).ended, 'promoted')
  await expectServing(world, to)
}

function expectVerdict({ outputs, log }: Ended, verdict: string | readonly string[]): void {
  const got = outputs['verdict'] ?? ''
  assert.ok(
    [verdict].flat().includes(got),
    `verdict ${got}, expected ${String(verdict)}:\n${log.slice(-4000)}`,
  )
  console.log(`${got}: ${outputs['because'] ?? ''}`)
}

function expectShare(
  probe: Probe,
  image: string,
  { percent, from, to }: { readonly percent: number; readonly from: number; readonly to: number },
): void {
  const by = probe.between(from + settleMs, to)
  const total = Object.values(by).reduce((sum, count) => sum + count, 0)
  const got = by[image.slice(image.indexOf('@') + 1)] ?? 0
  const { low, high } = binomialBound(percent / 100, total)
  console.log(`${String(percent)}%: ${String(got)} of ${String(total)} requests answered by the new version`)
  assert.ok(total > 500, `only ${String(total)} requests were counted at ${String(percent)}%`)
  assert.ok(got >= low && got <= high, `expected ${low.toFixed(0)} to ${high.toFixed(0)}`)
}

/** Nothing of a rollout is left, and every pod runs the image. */
async function expectServing(world: World, image: string): Promise<void> {
  assert.equal(await servingImage(world), image)
  const left = await world.stack.kubectl(
    'get',
    'deployments,services',
    '--namespace',
    namespace,
    '--output',
    'name',
  )
  assert.deepEqual(left.trim().split('\n').toSorted(), [
    `deployment.apps/${deployment}`,
    `service/${deployment}`,
  ])
}

async function servingImage({ stack }: World): Promise<string> {
  const pods = await stack.pods(deployment, namespace)
  const images = new Set(pods.filter((pod) => pod.ready).map((pod) => pod.image))
  assert.equal(images.size, 1, `ready pods run ${[...images].join(', ')}`)
  return [...images][0] ?? ''
}

const seconds = (count: number) => new Promise((resolve) => setTimeout(resolve, count * 1000))
