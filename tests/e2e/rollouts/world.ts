import assert from 'node:assert/strict'
import type { Stack } from '../stack.ts'
import { binomialBound, firstAnswer, type Probe, type ProbeTarget } from './probe.ts'
import { startAction, type Ended, type Started } from './runner.ts'
import { handOver, manifests, type RouteOf } from './target.ts'
import { told } from './told.ts'

/** One target with two released versions, and how to run the action on it. */
export interface World {
  readonly stack: Stack
  readonly namespace: string
  readonly deployment: string
  readonly route: RouteOf
  readonly old: string
  readonly new: string
  /** Where its users come. */
  readonly users: Pick<ProbeTarget, 'address' | 'host' | 'path'>
  run(image: string, inputs: Readonly<Record<string, string>>): Started
  /** Ends the runs that a broken story has left, asleep ones too. */
  killAll(): void
  operate(operation: 'promote' | 'abort' | 'status'): Promise<Ended>
  /** The post step of an interrupted run. */
  post(of: Ended): Promise<Ended>
}

export interface WorldOptions {
  readonly namespace: string
  readonly deployment: string
  /** Left out: whatever a request asks for, such as the gateway's address. */
  readonly host?: string
  readonly replicas: number
  readonly route?: RouteOf
  /** Of every run, where it says nothing else. */
  readonly inputs?: Readonly<Record<string, string>>
}

/** The address of the lab's gateway. */
const gateway = '10.96.0.80'

const repository = 'alt-las/segmentation-service'
/** What every version of a target runs. */
export const container = { image: `ghcr.io/${repository}`, env: [{ name: 'IMAGE_DIGEST', value: '' }] }

/** The image of a target in a released version, by its digest. */
export const released = async ({ registry }: Stack, tag: string): Promise<string> =>
  `ghcr.io/${repository}@${await registry.digest(repository, tag)}`

/** A namespace of its own with the first version installed; the gateway answers for it. */
export async function openWorld(stack: Stack, options: WorldOptions): Promise<World> {
  const { namespace, deployment, host, route = 'HTTPRoute', replicas, inputs: usual } = options
  await handOver(stack, namespace)
  const common = { namespace, deployment, 'metrics-url': 'service://atlas-production/prometheus:9090' }
  const path = '/version'
  const place = host === undefined ? { path } : { host }
  const files = manifests({ namespace, name: deployment, ...place, route, replicas, container })
  const users = { address: gateway, host: host ?? gateway, path }
  const running = new Set<Started>()
  const run: World['run'] = (of, inputs) => {
    const started = startAction(stack, { ...common, ...usual, image: of, manifests: files, ...inputs })
    running.add(started)
    void started.ended.then(() => running.delete(started))
    return started
  }
  const killAll: World['killAll'] = () => {
    for (const one of running) one.signal('SIGKILL')
  }
  const operate: World['operate'] = (operation) => startAction(stack, { ...common, operation }).ended
  const post: World['post'] = ({ inputs, kept }) => startAction(stack, inputs, kept).ended
  const [before, after] = [await released(stack, '1.0.0'), await released(stack, '1.1.0')]
  const images = { old: before, new: after }
  const world = { stack, namespace, deployment, route, ...images, users, run, killAll, operate, post }
  expectVerdict(await run(before, { release: 'r1' }).ended, 'promoted')
  await firstAnswer({ ...users, rate: 1 }).catch(async (error: unknown) => {
    console.log(await told(world))
    throw error
  })
  return world
}

export function expectVerdict({ outputs, log }: Ended, verdict: string): void {
  const got = outputs['verdict'] ?? ''
  assert.ok(got === verdict, `verdict ${got}, expected ${verdict}:\n${log.slice(-4000)}`)
  console.log(`${got}: ${outputs['because'] ?? ''}`)
}

/** A gateway takes up to some seconds for a weight; nothing is counted meanwhile. */
const settleMs = 5000

/** The share of the answers that an image gave meanwhile, within its binomial bound; ms since 1970. */
export function expectShare(
  probe: Probe,
  image: string,
  { percent, from, to }: { readonly percent: number; readonly from: number; readonly to: number },
): void {
  const by = probe.between(from + settleMs, to)
  const total = Object.values(by).reduce((sum, count) => sum + count, 0)
  const got = by[image.slice(image.indexOf('@') + 1)] ?? 0
  const { low, high } = binomialBound(percent / 100, total)
  console.log(`${percent}%: ${got} of ${total} requests answered by the new version`)
  assert.ok(total > 500, `only ${total} requests were counted at ${percent}%`)
  assert.ok(got >= low && got <= high, `expected ${low.toFixed(0)} to ${high.toFixed(0)}`)
}

/** An interrupted run failed, and its post step leaves nothing of it. */
export async function expectFinished(world: World, ended: Ended): Promise<void> {
  assert.notEqual(ended.code, 0)
  const { log } = await world.post(ended)
  console.log(`post step: ${log.trim().split('\n').at(-1) ?? ''}`)
  await expectServing(world, world.old)
}

/** Nothing of a rollout is left, and every pod runs the image. */
export async function expectServing(world: World, image: string): Promise<void> {
  const { stack, namespace, deployment } = world
  assert.equal(await servingImage(world), image)
  const left = await stack.kubectl('get', 'deployments,services,jobs', '-n', namespace, '-o', 'name')
  const own = left.split('\n').filter((line) => line.includes(deployment))
  assert.deepEqual(own.toSorted(), [`deployment.apps/${deployment}`, `service/${deployment}`])
}

export async function servingImage({ stack, namespace, deployment }: World): Promise<string> {
  const pods = await stack.pods(deployment, namespace)
  const images = new Set(pods.filter((pod) => pod.ready).map((pod) => pod.image))
  assert.equal(images.size, 1, `ready pods run ${[...images].join(', ')}`)
  return [...images][0] ?? ''
}

export const seconds = (count: number) => new Promise((resolve) => setTimeout(resolve, 1000 * count))
