import { splitsBySelector } from '@alt-las/routers'
import type { Decision } from '../../model/effects.ts'
import type { Observation } from '../../model/observation.ts'
import type { Rollout } from '../../model/rollout.ts'
import { settleMs } from '../../model/timing.ts'
import { versionNames } from '../../strategies/strategies.ts'

/** How long metrics may take, after settling, to show that no request reaches the canary any more, in ms. */
export const drainMs = 30_000

/** At weight 0, before the canary is removed: wait for one block without a request to it, if there are metrics; null = continue. */
export function awaitQuiet(rollout: Rollout, { router }: Observation): Decision | null {
  if (isQuiet(rollout) || !metricsFlow(rollout) || router.settledMs >= settleMs + drainMs) return null
  return {
    kind: 'measure',
    because: `no request may reach ${versionNames(rollout.plan).fresh} any more: waits for the metrics`,
  }
}

/** The evidence that the canary has no traffic left. */
export function quietBecause(rollout: Rollout): string {
  if (isQuiet(rollout)) return `the metrics show no request to ${versionNames(rollout.plan).fresh} any more`
  return metricsFlow(rollout)
    ? 'the metrics did not show it in time, so by time alone'
    : 'by time, since there are no metrics'
}

const isQuiet = ({ judgement }: Rollout) => judgement.sampling.quiet > 0

function metricsFlow({ plan, judgement }: Rollout): boolean {
  const judged = judgement.steps.some(({ blocks }) => blocks > 0)
  return judged && judgement.trouble === null && !splitsBySelector(plan)
}
