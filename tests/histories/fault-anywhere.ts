import assert from 'node:assert/strict'
import type { KubeObject } from '@alt-las/kubernetes'
import {
  type Call,
  type FakeCluster,
  type Fault,
  type Snapshot,
  faulty,
  untilDeath,
} from '@alt-las/simulated-cluster'
import { type Story, ending, isNothingLeft, opening, operate } from './stories.ts'
import { scenario } from '../../actions/canary-deploy/src/testing/scenario.ts'

/** What may befall a call; each is one kind of bad day. */
const faults: readonly { readonly name: string; readonly fault: Fault }[] = [
  ...[409, 410, 500, 503].map((status) => ({
    name: String(status),
    fault: { kind: 'status', status } as const,
  })),
  { name: '429 with Retry-After', fault: { kind: 'status', status: 429, retryAfterMs: 2000 } },
  { name: '503 with Retry-After', fault: { kind: 'status', status: 503, retryAfterMs: 2000 } },
  { name: '403', fault: { kind: 'status', status: 403 } },
  { name: '504 after commit', fault: { kind: 'status', status: 504, when: 'after' } },
  { name: 'timeout before', fault: { kind: 'lost', how: 'timeout', when: 'before' } },
  { name: 'timeout after commit', fault: { kind: 'lost', how: 'timeout', when: 'after' } },
  { name: 'reset after commit', fault: { kind: 'lost', how: 'reset', when: 'after' } },
  { name: 'stale read', fault: { kind: 'stale', writes: 5 } },
  { name: 'slow', fault: { kind: 'slow', ms: 8000 } },
  { name: 'touched by another', fault: { kind: 'meddle', operation: touch } },
]

/**
 * The story with one fault at any of its calls, `most` times in all (evenly spread where there are more): each time it ends as it does
 * undisturbed, after another run at the latest. Answers how many were played; throws an AssertionError where one ends otherwise.
 */
export async function faultyAnywhere(story: Story, most: number): Promise<number> {
  const start = await opening(story)
  const { calls, world } = await calm(story, start)
  const { orElse } = story
  const back = orElse === undefined ? world : (await calm({ ...story, inputs: orElse }, start)).world
  const all = chosen(calls, most)
  for (const { at, name, fault } of all) {
    const ended = await playedWith(story, start, { at, fault })
    const where = `${name} at call ${at}: ${described(calls[at - 1])}`
    const left = name === '403' ? unmarked(ended.world) : ended.world
    const goal = isSame(left, back) ? back : world
    assert.deepEqual({ where, ...ended, world: left }, { where, world: goal, violations: [] })
  }
  return all.length
}

/** A token that a run may not remove stays: it does no harm, and the next run removes it. */
const unmarked = (world: unknown): unknown =>
  JSON.parse(JSON.stringify(world).replaceAll(/"alt-las\.dev\/epoch":"\d+"/g, ''))

const isSame = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other)

async function calm(story: Story, start: Snapshot) {
  const here = scenario(story.habits, start)
  const lane = faulty(here)
  await operate(story, here, { holder: 'first/1/1', lane })
  here.settle()
  return { calls: lane.calls, world: ending(here) }
}

async function playedWith(
  story: Story,
  start: Snapshot,
  plan: { readonly at: number; readonly fault: Fault },
) {
  const here = scenario(story.habits, start)
  const end = await untilDeath(faulty(here, [plan]), (lane) =>
    operate(story, here, { holder: 'first/1/1', lane }),
  )
  const problems: string[] = []
  if (end.kind === 'threw') {
    const again = await untilDeath(faulty(here), (lane) =>
      operate(story, here, { holder: 'second/1/1', lane }),
    )
    if (again.kind === 'threw' && !isNothingLeft(again.error)) problems.push(String(again.error))
  }
  here.settle()
  return { world: ending(here), violations: [...here.violations, ...problems] }
}

/** All faults of all calls, or so many of them at even distances. */
function chosen(calls: readonly Call[], most: number) {
  const all = calls.flatMap((_, index) => faults.map((one) => ({ at: index + 1, ...one })))
  if (most >= all.length) return all
  return Array.from({ length: most }, (_, index) => all[Math.floor((index * all.length) / most)]).filter(
    (one) => one !== undefined,
  )
}

/** Another writer changes the same object: its resourceVersion changes. */
function touch(cluster: FakeCluster, { at }: Call): void {
  if (at.name === undefined || at.kind === 'Lease' || at.kind === 'ConfigMap') return
  const found = cluster.peek<KubeObject>(at)
  if (found !== null)
    cluster.put({ ...found, metadata: { ...found.metadata, labels: { ...found.metadata.labels } } })
}

const described = (call: Call | undefined) =>
  call === undefined ? '' : `${call.verb} ${call.at.kind} ${call.at.name ?? ''}`
