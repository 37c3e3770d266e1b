import assert from 'node:assert/strict'
import { monitorOf, openLane, type Lane } from '../judged/lane.ts'
import { namespace, prepare } from '../judged/platform.ts'
import {
  badVersions,
  healthyAndIncident,
  metricsComeBack,
  metricsStayAway,
  simulatedCosts,
  tenInARow,
} from '../judged/stories.ts'
import { together } from '../rollouts/together.ts'
import type { Simulated } from '../judged/simulated.ts'
import type { Stack } from '../stack.ts'
import type { Case } from './case.ts'

type Story = (lane: Lane) => Promise<void>

/** Side by side: each target has its own users, its own Prometheus, and each story its own time. */
const lanesOf = (costs: readonly Simulated[]): Readonly<Record<string, readonly Story[]>> => ({
  bad: [(lane) => badVersions(lane, costs), metricsStayAway],
  healthy: [healthyAndIncident, metricsComeBack],
  series: [tenInARow],
})

export const judged: Case = {
  name: 'judged',
  title:
    'bad versions go back at the cost that was simulated; a shared incident, lost metrics and ten healthy releases roll nothing back',
  minutes: 40,
  run: async ({ stack }) => {
    const lanes = lanesOf(simulatedCosts())
    await prepare(stack, Object.keys(lanes).map(monitorOf))
    await together(Object.entries(lanes).map(([name, stories]) => inLane(stack, name, stories)))
    await stack.kubectl('delete', 'namespace', namespace, '--wait=false')
  },
}

async function inLane(stack: Stack, name: string, stories: readonly Story[]): Promise<void> {
  const lane = await openLane(stack, name)
  try {
    for (const story of stories) await story(lane)
  } finally {
    await lane.close()
    console.log(`${name}: ${lane.probe.sent()} requests, failed: ${JSON.stringify(lane.probe.reasons)}`)
  }
  // What the versions did was counted in the stories; nothing else may have happened to a request.
  const others = Object.keys(lane.probe.reasons).filter((reason) => !['500', 'timeout'].includes(reason))
  assert.deepEqual(others, [], `${name}: requests were lost`)
}
