import { openLane, type Lane } from '../judged/lane.ts'
import { namespace, prepare } from '../judged/platform.ts'
import { badVersions, healthyAndIncident, tenInARow, withoutMetrics } from '../judged/stories.ts'
import type { Case } from './case.ts'

const [monitor, frail] = ['prometheus', 'prometheus-frail']

export const judged: Case = {
  name: 'judged',
  title:
    'bad versions go back at the cost that was simulated; a shared incident, lost metrics and ten healthy releases roll nothing back',
  run: async ({ stack }) => {
    await prepare(stack, [monitor, frail])
    // Side by side: each target has its own users, and each story its own time.
    const stories = [
      inLane('bad', monitor, badVersions),
      inLane('healthy', monitor, healthyAndIncident),
      inLane('blind', frail, (lane) => withoutMetrics(lane, { stack, monitor: frail })),
      inLane('series', monitor, tenInARow),
    ]
    const ends = await Promise.allSettled(stories)
    const broken = ends.flatMap((end) => (end.status === 'rejected' ? [asError(end.reason)] : []))
    if (broken.length > 0) throw new Error(broken.map(({ message }) => message).join('\n\n'))
    await stack.kubectl('delete', 'namespace', namespace, '--wait=false')

    async function inLane(name: string, seenBy: string, tell: (lane: Lane) => Promise<void>): Promise<void> {
      const lane = await openLane(stack, name, seenBy)
      try {
        await tell(lane)
      } finally {
        await lane.close()
        console.log(
          `${name}: ${String(lane.probe.sent())} requests, failed: ${JSON.stringify(lane.probe.reasons)}`,
        )
      }
    }
  },
}

const asError = (reason: unknown): Error => (reason instanceof Error ? reason : new Error(String(reason)))
