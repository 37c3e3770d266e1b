import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { guardImage } from '../rollouts/lost.ts'
import { answerOf, startProbe, type Probe } from '../rollouts/probe.ts'
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
      await byCookie(world, everybody)
      await byShare(world)
      await lost(world)
    })
    await stack.kubectl('delete', 'namespace', namespace, '--wait=false')
  },
}

const quick = { 'rollback-window': '0s', bake: '5s', 'latency-margin': 'off' }
/** Requests per second of all users without the mark. */
const rate = 60
const [betaUser, otherUser] = ['theme=dark; beta=1; lang=de', 'theme=dark; beta=10; xbeta=1']

/** A gateway takes up to some seconds for a rule. */
const settleSeconds = 5

async function byCookie(world: World, everybody: Probe): Promise<void> {
  const started = world.run(world.new, {
    release: 'r2',
    audience: 'cookie: beta=1\nhold: 30s',
    steps: '50%:10s',
  })
  const users = (cookie: string) => startProbe({ ...world.users, rate: 15, headers: () => ({ cookie }) })
  await started.said(/routes the audience to the canary/)
  await seconds(settleSeconds)
  const [beta, others] = [users(betaUser), users(otherUser)]
  const from = Date.now()
  await started.said(/→ step 1/)
  const to = Date.now()
  await started.said(/routes 100% to the canary/)
  const later = Date.now()
  await Promise.all([beta.stop(), others.stop()])
  assert.deepEqual(versions(others.between(from, to)), [digestOf(world.old)], 'others met the canary')
  assert.deepEqual(versions(everybody.between(from, to)), [digestOf(world.old)], 'others met the canary')
  assert.deepEqual(versions(beta.between(from, later)), [digestOf(world.new)], 'a beta user met stable')
  console.log(`beta users: ${JSON.stringify(beta.between(from, later))}`)
  console.log(`others: ${JSON.stringify(everybody.between(from, to))} before the weights`)
  expectVerdict(await started.ended, 'promoted')
  assert.equal(await rulesOf(world), 1, 'a rule of the audience is left')
  await expectServing(world, world.new)
}

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
  const met = await Promise.all(all.map((user) => versionsOf(world, `lang=de; session=${user}`)))
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
    audience: 'cookie: beta=1\nhold: 10m',
    'guard-image': await guardImage(world.stack),
  })
  await started.said(/routes the audience to the canary/)
  await seconds(settleSeconds)
  assert.deepEqual(await versionsOf(world, betaUser), [digestOf(world.new)])
  started.signal('SIGKILL')
  const from = Date.now()
  const passed = () => (Date.now() - from) / 1000
  while ((await rulesOf(world)) > 1) {
    assert.ok(passed() < mostSeconds, 'the audience was not taken back')
    await seconds(2)
  }
  console.log(`the switch took the audience back after ${passed().toFixed(0)} s`)
  await seconds(settleSeconds)
  assert.deepEqual(await versionsOf(world, betaUser), [digestOf(world.old)])
  expectVerdict(await world.operate('abort'), 'rolled-back')
  await expectServing(world, world.old)
}

/** Which versions one user meets in three requests, each on a connection of its own. */
async function versionsOf(world: World, cookie: string): Promise<readonly string[]> {
  const answers: string[] = []
  for (let i = 0; i < 3; i += 1) {
    const answer = await answerOf({ ...world.users, rate: 1, headers: () => ({ cookie }) }, false)
    assert.ok(answer.kind === 'answered', `${cookie}: ${answer.kind === 'failed' ? answer.reason : ''}`)
    answers.push(answer.version)
  }
  return [...new Set(answers)]
}

async function rulesOf({ stack, namespace, deployment }: World): Promise<number> {
  const { spec } = await stack.get<{ readonly spec: { readonly rules: readonly unknown[] } }>(
    'httproute',
    deployment,
    '--namespace',
    namespace,
  )
  return spec.rules.length
}

const digestOf = (image: string): string => image.slice(image.indexOf('@') + 1)

const versions = (by: Readonly<Record<string, number>>): readonly string[] => Object.keys(by)
