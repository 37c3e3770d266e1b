import assert from 'node:assert/strict'
import { monitorOf, openLane, type Lane } from '../judged/lane.ts'
import { bothSuffer, turnsBad } from '../judged/late-stories.ts'
import { namespace, prepare } from '../judged/platform.ts'
import { together } from '../rollouts/together.ts'
import type { Stack } from '../stack.ts'
import type { Case } from './case.ts'

const lanes: Readonly<Record<string, (lane: Lane) => Promise<void>>> = { fault: turnsBad, both: bothSuffer }

export const lateFault: Case = {
  name: 'late-fault',
  title:
    'a version that turns bad with all traffic goes back within the rollback window; what both versions suffer takes nothing back; no request is lost',
  minutes: 18,
  run: async ({ stack }) => {
    await prepare(stack, Object.keys(lanes).map(monitorOf))
    await together(Object.entries(lanes).map(([name, story]) => inLane(stack, name, story)))
    await stack.kubectl('delete', 'namespace', namespace)
  },
}

async function inLane(stack: Stack, name: string, story: (lane: Lane) => Promise<void>): Promise<void> {
  const lane = await openLane(stack, name)
  try {
    await story(lane)
  } finally {
    await lane.close()
    console.log(`${name}: ${lane.probe.sent()} requests, failed: ${JSON.stringify(lane.probe.reasons)}`)
  }
  const others = Object.keys(lane.probe.reasons).filter((reason) => reason !== '500')
  assert.deepEqual(others, [], `${name}: requests were lost`)
}
