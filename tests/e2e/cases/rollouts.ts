import assert from 'node:assert/strict'
import type { Probe } from '../rollouts/probe.ts'
import { canaryWeight } from '../rollouts/route.ts'
import { underLoad } from '../rollouts/under-load.ts'
import {
  expectFinished,
  expectServing,
  expectShare,
  expectVerdict,
  openWorld,
  seconds,
  servingImage,
  type World,
} from '../rollouts/world.ts'
import type { Case } from './case.ts'

/** Enough for shares of a quarter. */
const replicas = 4
/** Requests per second: more than a hundred thousand over all stories. */
const rate = 200
const fewest = 100_000
export const rollouts: Case = {
  name: 'rollouts',
  title:
    'canary, blue-green there and back, abort at 50 %, cancel at 25 %, SIGKILL at three points: no request of 100 000 is lost',
  minutes: 25,
  needs: 'v1.0.0 and v1.1.0',
  run: async ({ stack }) => {
    const [namespace, deployment, host] = ['rollouts', 'target', 'rollouts.lab']
    const world = await openWorld(stack, { namespace, deployment, host, replicas, inputs: quick })
    await underLoad(world, rate, async (probe) => {
      await canary(world, probe)
      await blueGreen(world)
      await switchBack(world)
      await abortAtHalf(world, probe)
      await cancelAtQuarter(world, probe)
      for (const point of ['prepare', 'step 1', 'promote-stable']) await killedIn(point, world)
      while (probe.sent() < fewest) await seconds(5)
    })
  },
}

/** This case is about lost requests; `judged` is about the judge, who takes the time that latencies need here. */
const quick = { 'rollback-window': '5s', bake: '5s', 'latency-margin': 'off' }

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
  while ((await canaryWeight(world)) > 0) assert.ok(Date.now() - signalled < 20_000, 'never taken back')
  const took = Date.now() - signalled
  console.log(`cancel: the route was seen without the canary ${took} ms after the signal`)
  assert.ok(took < 2000, 'the traffic came back later than 2 s after the signal')
  expectShare(probe, world.new, { percent: 25, from, to: signalled })
  await expectFinished(world, await started.ended)
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
