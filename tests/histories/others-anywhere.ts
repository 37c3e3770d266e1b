import assert from 'node:assert/strict'
import { Failure } from '@alt-las/failure'
import {
  type Call,
  type End,
  type FaultPlan,
  type Snapshot,
  describeCall,
  faulty,
  untilDeath,
} from '@alt-las/simulated-cluster'
import { type Scenario, scenario } from '../../actions/canary-deploy/src/testing/scenario.ts'
import { type Act, acts } from './other-people.ts'
import { type Story, opening, operate } from './stories.ts'

/** Calls of a run that has lost its way: an undisturbed one makes some hundreds. */
const mostCalls = 4000
/** Virtual ms of one run: its `timeout` is an hour. */
const longestMs = 3_900_000

/**
 * The story with one act of another person at any of its writes, `most` times in all (evenly spread where there are more): the run ends,
 * with an outcome or an error that says whose fault it is; a second run does, too; no write of either leaves the user's Service empty
 * or cuts off a pod of another workload; and no request is lost but by the act itself. Answers how many were played; throws an AssertionError where one ends otherwise.
 */
export async function disturbedAnywhere(story: Story, most: number): Promise<number> {
  const start = await opening(story)
  const all = chosen(await writesOf(story, start), most)
  const alone = new Map(acts.map((act) => [act, losesAlone(story, start, act)]))
  for (const { at, act, call } of all) {
    const where = `another person ${act.name} before write ${at}: ${describeCall(call)}`
    const problems = await playedWith(story, start, { at, act, losesAlone: alone.get(act) === true })
    assert.deepEqual({ where, problems }, { where, problems: [] })
  }
  return all.length
}

async function writesOf(story: Story, start: Snapshot): Promise<readonly Call[]> {
  const here = scenario(story.habits, start)
  const lane = faulty(here)
  await operate(story, here, { holder: 'first/1/1', lane })
  return lane.calls.filter(({ verb }) => ['apply', 'patch', 'remove'].includes(verb))
}

async function playedWith(
  story: Story,
  start: Snapshot,
  { at, act, losesAlone }: { readonly at: number; readonly act: Act; readonly losesAlone: boolean },
): Promise<readonly string[]> {
  const here = scenario(story.habits, start)
  let [before, atOnce] = [0, 0]
  const play = () => {
    here.isDisturbed = true
    before = here.losses().seconds
    act.play(here.cluster)
    atOnce = here.losses().now
  }
  const problems = await ran(story, here, 'first/1/1', [
    { at, of: 'writes', fault: { kind: 'meddle', operation: play } },
  ])
  here.settle()
  const again = problems.length > 0 ? [] : await ran(story, here, 'second/2/1', [])
  const isItsOwn = atOnce > 0 || act.on === 'the rollout' || act.isDelayed === true
  const mostSeconds = losesAlone || isMortal(story) ? Infinity : isItsOwn ? reactionSeconds : 0
  const { seconds, requests, first } = here.losses()
  const lost = seconds - before
  return [
    ...problems,
    ...again.map((one) => `the next run: ${one}`),
    ...here.unserved,
    ...(lost > mostSeconds
      ? [
          `requests were lost for ${lost.toFixed(1)} s (${requests.toFixed(1)} at one a second), expected at most ${mostSeconds} s: ${first ?? ''}`,
        ]
      : []),
  ]
}

/** A run sees what an act has lost, and writes, in so many seconds. */
const reactionSeconds = 10

/** Pods that die by themselves lose requests by themselves. */
const isMortal = ({ habits }: Story): boolean => Object.values(habits.behaviours ?? {}).includes('dies')

/** Whether the act loses requests where there is no rollout. */
function losesAlone(story: Story, start: Snapshot, act: Act): boolean {
  const here = scenario(story.habits, start)
  act.play(here.cluster)
  here.settle()
  const { seconds, now } = here.losses()
  return seconds > 0 || now > 0
}

/** One run to its end; what is wrong with that end. */
async function ran(
  story: Story,
  here: Scenario,
  holder: string,
  plan: FaultPlan,
): Promise<readonly string[]> {
  const begun = here.clock.elapsed()
  const lane = faulty(here, [...plan, { at: mostCalls, fault: { kind: 'kill', when: 'before' } }])
  const end = await untilDeath(lane, (own) => operate(story, here, { holder, lane: own }))
  const tookMs = here.clock.elapsed() - begun
  return [
    ...wrongWith(end),
    ...(tookMs > longestMs ? [`it took ${Math.round(tookMs / 60_000)} minutes`] : []),
  ]
}

function wrongWith(end: End<unknown>): readonly string[] {
  switch (end.kind) {
    case 'returned':
      return []
    case 'killed':
      return [`it did not end within ${mostCalls} calls`]
    case 'threw':
      return end.error instanceof Failure && end.error.fault !== 'ours'
        ? []
        : [`it crashed: ${String(end.error)}`]
  }
}

/** Each act at each write, or so many of them at even distances. */
function chosen(writes: readonly Call[], most: number) {
  const all = writes.flatMap((call, index) => acts.map((act) => ({ at: index + 1, act, call })))
  if (most >= all.length) return all
  return Array.from({ length: most }, (_, index) => all[Math.floor((index * all.length) / most)]).filter(
    (one) => one !== undefined,
  )
}
