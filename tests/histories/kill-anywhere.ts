import assert from 'node:assert/strict'
import { type KillPoint, killPoints } from '@alt-las/model-checker'
import { type Snapshot, faulty, fingerprint, untilDeath } from '@alt-las/simulated-cluster'
import { type Story, ending, isNothingLeft, opening, operate } from './stories.ts'
import { scenario } from '../../actions/canary-deploy/src/testing/scenario.ts'

export interface Killed {
  /** Histories that were told, each to its end. */
  readonly told: number
  /** Of these, the distinct ones: where two deaths leave the same world, what follows is the same. */
  readonly played: number
}

/**
 * The story, killed before or after any call and again within the next ten, `most` times in all (evenly spread where there are more places
 * to die at): each time the next run brings it to the end that it has undisturbed. Throws an AssertionError where one does not.
 */
export async function killedAnywhere(story: Story, most: number): Promise<Killed> {
  const start = await opening(story)
  const calm = await undisturbed(story, start)
  assert.deepEqual(calm.violations, [])
  const known = new Map<string, Ended>()
  let told = 0
  for (const { point, again } of await histories(story, start, most)) {
    told += 1
    const name = fingerprint(point.snapshot)
    const ended = known.get(name) ?? (await finished(story, point.snapshot))
    known.set(name, ended)
    const where = `killed ${point.when} call ${point.at}${again === null ? '' : ` and again ${again.when} call ${again.at}`}`
    assert.deepEqual({ where, ...ended }, { where, ...calm })
  }
  return { told, played: known.size }
}

interface Ended {
  readonly world: unknown
  readonly violations: readonly string[]
}

interface History {
  readonly point: KillPoint
  /** The kill before this one; null where it is the first. */
  readonly again: KillPoint | null
}

async function undisturbed(story: Story, start: Snapshot): Promise<Ended> {
  const here = scenario(story.habits, start)
  await operate(story, here, { holder: 'first/1/1', lane: here })
  here.settle()
  return { world: ending(here), violations: here.violations }
}

/** Every place to die at, and after these every place to die at again within ten calls; where fewer are wanted, evenly spread. */
async function histories(story: Story, start: Snapshot, most: number): Promise<readonly History[]> {
  const here = scenario(story.habits, start)
  const { points } = await killPoints(here, (lane) => operate(story, here, { holder: 'first/1/1', lane }))
  const once = points.map((point): History => ({ point, again: null }))
  if (once.length >= most) return spread(once, most)
  const left = most - once.length
  const seconds = new Map<string, readonly KillPoint[]>()
  const twice: History[] = []
  for (const first of spread(points, Math.ceil(left / perPoint))) {
    const name = fingerprint(first.snapshot)
    const again = seconds.get(name) ?? (await dyingAgain(story, first.snapshot))
    seconds.set(name, again)
    twice.push(...again.map((point) => ({ point, again: first })))
  }
  return [...once, ...twice]
}

/** Before and after each of ten calls. */
const perPoint = 20

async function dyingAgain(story: Story, from: Snapshot): Promise<readonly KillPoint[]> {
  const here = scenario(story.habits, from)
  const { points } = await killPoints(
    here,
    (lane) => operate(story, here, { holder: 'second/1/1', lane }).catch(() => undefined),
    10,
  )
  return points
}

/** A fresh runner plays it to the end. */
async function finished(story: Story, from: Snapshot): Promise<Ended> {
  const here = scenario(story.habits, from)
  const end = await untilDeath(faulty(here), (lane) => operate(story, here, { holder: 'last/1/1', lane }))
  here.settle()
  const failed = end.kind === 'threw' && !isNothingLeft(end.error) ? [String(end.error)] : []
  return { world: ending(here), violations: [...here.violations, ...failed] }
}

/** So many of them, at even distances. */
function spread<T>(all: readonly T[], count: number): readonly T[] {
  if (count >= all.length) return all
  return Array.from({ length: count }, (_, index) => all[Math.floor((index * all.length) / count)] as T)
}
