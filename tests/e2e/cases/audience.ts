import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { byCookie, digestOf, promotedAfter, settleSeconds, versionsFor } from '../rollouts/cohort.ts'
import { guardImage } from '../rollouts/lost.ts'
import { routeRules } from '../rollouts/route.ts'
import { underLoad } from '../rollouts/under-load.ts'
import { expectServing, expectVerdict, openWorld, seconds, type World } from '../rollouts/world.ts'
import type { Case } from './case.ts'

export const audience: Case = {
  name: 'audience',
  title:
    'beta users by a cookie get the new version alone and keep it while the weights rise; a share of users is the same users at every request; without its runner they get stable again',
  minutes: 12,
  needs: 'v1.0.0 and v1.1.0',
  run: async ({ stack }) => {
    const [namespace, deployment, host] = ['audience', 'target', 'audience.lab']
    const world = await openWorld(stack, { namespace, deployment, host, replicas: 2, inputs: quick })
    await underLoad(world, rate, async (everybody) => {
      await promotedAfter(world, everybody, byCookie)
      await byShare(world)
      await lost(world)
    })
    await stack.kubectl('delete', 'namespace', namespace, '--wait=false')
  },
}

const quick = { 'rollback-window': '0s', bake: '5s', 'latency-margin': 'off' }
/** Requests per second of all users without the mark. */
const rate = 60
/** Ends of two hexadecimal digits from 00 on: a quarter of 256. */
const isChosen = (user: string) => Number.parseInt(user.slice(-2), 16) < 64

async function byShare(world: World): Promise<void> {
  const started = world.run(world.old, {
    release: 'r3',
    audience: 'share: 25% by cookie session\nhold: 40s',
    steps: '50%:10s',
  })
  await started.said(/routes the audience to the canary/)
  await seconds(settleSeconds)
  const all = Array.from({ length: 200 }, () => randomUUID())
  const met = await Promise.all(all.map((user) => versionsFor(world, { cookie: `lang=de; session=${user}` })))
  const chosen = all.filter((_, index) => met[index]?.includes(digestOf(world.old)))
  console.log(`a share of 25%: ${chosen.length} of ${all.length} users met the new version`)
  assert.ok(
    met.every((versions) => versions.length === 1),
    'a user met both versions',
  )
  assert.deepEqual(chosen, all.filter(isChosen))
  expectVerdict(await started.ended, 'promoted')
  await expectServing(world, world.old)
}

/** Longer than the dead-man's switch counts, its own look and its pod's delays included. */
const mostSeconds = 90

/** The runner is gone without a word, and the switch, which was armed before the audience had rules, removes them. */
async function lost(world: World): Promise<void> {
  const started = world.run(world.new, {
    release: 'r4',
    audience: `${byCookie.audience}\nhold: 10m`,
    'guard-image': await guardImage(world.stack),
  })
  await started.said(/routes the audience to the canary/)
  await seconds(settleSeconds)
  assert.deepEqual(await versionsFor(world, byCookie.member), [digestOf(world.new)])
  started.signal('SIGKILL')
  const from = Date.now()
  const passed = () => (Date.now() - from) / 1000
  while ((await routeRules(world)).length > 1) {
    assert.ok(passed() < mostSeconds, 'the audience was not taken back')
    await seconds(2)
  }
  console.log(`the switch took the audience back after ${passed().toFixed(0)} s`)
  await seconds(settleSeconds)
  assert.deepEqual(await versionsFor(world, byCookie.member), [digestOf(world.old)])
  expectVerdict(await world.operate('abort'), 'rolled-back')
  await expectServing(world, world.old)
}
