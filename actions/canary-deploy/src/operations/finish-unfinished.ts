import { describe } from '@alt-las/failure'
import {
  type Unfinished,
  type Rollout,
  continueRollout,
  factsOf,
  findState,
  resumeRollout,
  nameOf,
} from '@alt-las/rollout'
import type { Ports } from '../ports.ts'
import { rolloutPorts } from './rollout-ports.ts'

/**
 * Completes the targets of an interrupted run: back, or forward if there is no way back any more. A target that another run
 * has taken over is left to it. One sentence for each; `timeoutMs` for each. Throws nothing: the next run continues in any case.
 */
export async function finishUnfinished(
  targets: readonly Unfinished[],
  timeoutMs: number,
  ports: Ports,
): Promise<readonly { readonly done: boolean; readonly because: string }[]> {
  // At once: a runner's time for its post steps is for all of them.
  return Promise.all(
    targets.map(async (target) => {
      const name = `${target.namespace}/${target.deployment}`
      try {
        return { done: true, because: `${name}: ${await finish(target, timeoutMs, ports)}` }
      } catch (error) {
        return { done: false, because: `${name}: ${describe(error)}; the next run continues from there` }
      }
    }),
  )
}

async function finish(target: Unfinished, timeoutMs: number, ports: Ports): Promise<string> {
  const known = await findState(target, ports.cluster)
  if (known === null || known.fencingToken !== target.fencingToken) return 'another run has taken it over'
  if (known.phase.kind === 'done' || known.phase.kind === 'paused') return known.because
  const { rollout, end } = await resumeRollout(target, timeoutMs, {
    ports: rolloutPorts(ports),
    // Read again under the lease.
    start: (now) => (now.fencingToken === target.fencingToken ? ended(now, ports.clock.now()) : now),
  })
  return end.kind === 'finish' ? `${nameOf(rollout.phase)}: ${end.because}` : end.because
}

/** Without a way back the rollout goes forward: all traffic is on the new version, which was proven good. */
function ended(known: Rollout, at: number): Rollout {
  return factsOf(known.phase).wayBack === 'forward' ? known : (continueRollout(known, 'abort', at) ?? known)
}
