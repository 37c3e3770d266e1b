import assert from 'node:assert/strict'
import { answerOf, startProbe, type Probe } from './probe.ts'
import { routeRules } from './route.ts'
import type { Started } from './runner.ts'
import { expectServing, expectShare, expectVerdict, seconds, type World } from './world.ts'

/** Beta users, how they are marked, and who is not one of them although it looks like it. */
export interface Cohort {
  /** The input `audience`, without its time. */
  readonly audience: string
  readonly member: Readonly<Record<string, string>>
  readonly other: Readonly<Record<string, string>>
}

export const byCookie: Cohort = {
  audience: 'cookie: beta=1',
  member: { cookie: 'theme=dark; beta=1; lang=de' },
  other: { cookie: 'theme=dark; beta=10; xbeta=1' },
}

export const byHeader: Cohort = {
  audience: 'header: X-Beta=true',
  member: { 'x-beta': 'true' },
  other: { 'x-beta': 'true-or-not' },
}

/** A gateway takes up to some seconds for a rule. */
export const settleSeconds = 5

/** The whole way: the cohort alone, then the weights beside it, then everybody. */
export async function promotedAfter(world: World, everybody: Probe, cohort: Cohort): Promise<void> {
  const rules = (await routeRules(world)).length
  const started = world.run(world.new, {
    release: `after ${cohort.audience}`,
    audience: `${cohort.audience}\nhold: 30s`,
    steps: '50%:20s',
  })
  await withCohort(world, { everybody, cohort, started }, async () => {
    await started.said(/routes 50% to the canary/)
    const from = Date.now()
    await started.said(/routes 100% to the canary/)
    expectShare(everybody, world.new, { percent: 50, from, to: Date.now() })
  })
  expectVerdict(await started.ended, 'promoted')
  assert.equal((await routeRules(world)).length, rules, 'a rule of the audience is left')
  await expectServing(world, world.new)
}

/** With half of the traffic on the new version an abort takes it from everybody, the cohort among them. */
export async function takenBackFrom(world: World, everybody: Probe, cohort: Cohort): Promise<void> {
  const before = await routeRules(world)
  const started = world.run(world.new, {
    release: `back from ${cohort.audience}`,
    audience: `${cohort.audience}\nhold: 30s`,
    steps: '50%:20s, pause, 60%:10s',
  })
  await withCohort(world, { everybody, cohort, started }, async () => {
    await started.said(/routes 50% to the canary/)
    const from = Date.now()
    expectVerdict(await started.ended, 'paused')
    expectShare(everybody, world.new, { percent: 50, from, to: Date.now() })
  })
  expectVerdict(await world.operate('abort'), 'rolled-back')
  assert.deepEqual(await routeRules(world), before, 'the route is not as it was')
  await seconds(settleSeconds)
  assert.deepEqual(await versionsFor(world, cohort.member), [digestOf(world.old)])
  await expectServing(world, world.old)
}

interface Run {
  readonly everybody: Probe
  readonly cohort: Cohort
  readonly started: Started
}

/** Members meet the new version alone until the story's end; before the first weight nobody else does. */
async function withCohort(
  world: World,
  { everybody, cohort, started }: Run,
  story: () => Promise<void>,
): Promise<void> {
  const users = (headers: Cohort['member']) =>
    startProbe({ ...world.users, rate: 15, headers: () => headers })
  await started.said(/routes the audience to the canary/)
  await seconds(settleSeconds)
  const [members, others] = [users(cohort.member), users(cohort.other)]
  const from = Date.now()
  await started.said(/→ step 1/)
  const to = Date.now()
  await story()
  const later = Date.now()
  await Promise.all([members.stop(), others.stop()])
  console.log(`${cohort.audience}: members met ${JSON.stringify(members.between(from, later))}`)
  console.log(`before the weights others met ${JSON.stringify(everybody.between(from, to))}`)
  for (const probe of [others, everybody])
    assert.deepEqual(versions(probe.between(from, to)), [digestOf(world.old)], 'others met the canary')
  assert.deepEqual(versions(members.between(from, later)), [digestOf(world.new)], 'a member met stable')
  assert.deepEqual([members.reasons, others.reasons], [{}, {}], 'requests of marked users were lost')
}

/** Which versions requests with these headers meet in three tries, each on a connection of its own. */
export async function versionsFor(world: World, headers: Cohort['member']): Promise<readonly string[]> {
  const answers: string[] = []
  for (let i = 0; i < 3; i += 1) {
    const answer = await answerOf({ ...world.users, rate: 1, headers: () => headers }, false)
    assert.ok(
      answer.kind === 'answered',
      `${JSON.stringify(headers)}: ${answer.kind === 'failed' ? answer.reason : ''}`,
    )
    answers.push(answer.version)
  }
  return [...new Set(answers)]
}

export const digestOf = (image: string): string => image.slice(image.indexOf('@') + 1)

const versions = (by: Readonly<Record<string, number>>): readonly string[] => Object.keys(by)
