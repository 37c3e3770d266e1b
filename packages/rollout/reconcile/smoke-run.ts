import type { Cluster } from '@alt-las/kubernetes'
import type { Clock } from '@alt-las/time'
import type { Rollout } from '../model/rollout.ts'
import type { Smoke, SmokeResult } from '../model/smoke.ts'
import { smokeTarget } from '../observe/smoke-target.ts'

interface SmokeRunPorts {
  readonly cluster: Pick<Cluster, 'get' | 'list'>
  readonly clock: Clock
  readonly smoke?: Smoke | undefined
}

/** The lease is renewed, and the new version observed, while the tests run. */
const lookMs = 2000

/** The plan's tests, run once for each rollout of this process; null while they run. */
export function smokeRun(ports: SmokeRunPorts): (rollout: Rollout) => Promise<SmokeResult | null> {
  const begun = new Map<string, Promise<SmokeResult>>()
  return async (rollout) => {
    const known = begun.get(rollout.id)
    const work = known ?? runTests(rollout, ports)
    if (known === undefined) {
      begun.set(rollout.id, work)
      // An interrupted run takes no result.
      work.catch(() => undefined)
    }
    const enough = new AbortController()
    const look = ports.clock.sleep(lookMs, enough.signal).then(
      () => null,
      () => null,
    )
    try {
      return await Promise.race([work, look])
    } finally {
      enough.abort()
    }
  }
}

async function runTests(rollout: Rollout, { cluster, smoke }: SmokeRunPorts): Promise<SmokeResult> {
  if (smoke === undefined) return impossible('this run has no way to send them')
  const found = await smokeTarget(rollout, cluster)
  return found.kind === 'none' ? impossible(found.because) : smoke.run(rollout.plan.smoke ?? [], found.target)
}

const impossible = (why: string): SmokeResult => ({
  outcome: 'failed',
  because: `the API tests could not be run: ${why}`,
  checks: [],
})
