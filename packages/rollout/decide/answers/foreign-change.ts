import { hasTraffic, splitsBySelector } from '@alt-las/routers'
import type { Decision } from '../../model/effects.ts'
import type { Observation, ObservedWorkload } from '../../model/observation.ts'
import type { Rollout } from '../../model/rollout.ts'
import { factsOf } from '../../strategies/phases.ts'
import { strategyOf, versionNames } from '../../strategies/strategies.ts'
import { act, revert } from './decision.ts'

/**
 * A person, a reloader or another controller changes the pods that stable's Service is pinned to. The pin names the old
 * pod-template-hash, so the Service would lose every pod: the pin is moved before any other write. null = no change.
 */
export function keepServed(rollout: Rollout, seen: Observation): Decision | null {
  return withoutService(rollout, seen) ?? replacedCanary(rollout, seen) ?? movedPin(rollout, seen)
}

/** Requests to a Service that somebody has removed are lost, until they go to the old version, or where there is none any more, to a new Service. */
function withoutService(
  { plan, phase }: Rollout,
  { canary, canaryService, router }: Observation,
): Decision | null {
  if (!strategyOf(plan).hasSecondVersion || splitsBySelector(plan)) return null
  if (canaryService !== null || canary === null || !hasTraffic(router)) return null
  const { fresh } = versionNames(plan)
  const gone = `${fresh}'s Service ${plan.canaryService} was removed from outside while it had traffic`
  switch (factsOf(phase).wayBack) {
    case 'revert':
      return phase.kind === 'revert' ? null : revert(gone)
    case 'forward':
      return act({ kind: 'canary-service', hash: canary.hash }, `${gone}: it is made again`)
    case 'none':
    case 'over':
      return null
  }
}

/** With all traffic on it: its Service names the old pods, and would lose them all. The steps compare, and end the comparison. */
function replacedCanary(
  { plan, phase }: Rollout,
  { canary, canaryService, router }: Observation,
): Decision | null {
  const pin = canaryService?.pin ?? null
  if (!strategyOf(plan).hasSecondVersion || splitsBySelector(plan)) return null
  if (pin === null || canary === null || canary.newestHash === null || !hasTraffic(router)) return null
  if (canary.newestHash === pin) return null
  const { fresh } = versionNames(plan)
  if (factsOf(phase).wayBack === 'forward')
    return act(
      { kind: 'canary-service', hash: null },
      `${fresh}'s pods are being replaced from outside, and under its pin its Service would lose them all`,
    )
  return phase.kind === 'warm' || phase.kind === 'promote-traffic'
    ? revert(changed(fresh, pin, canary.newestHash))
    : null
}

function movedPin({ plan }: Rollout, { stable, canary, service }: Observation): Decision | null {
  const pin = service?.pin ?? null
  if (pin === null || stable === null || !strategyOf(plan).hasSecondVersion) return null
  const { old } = versionNames(plan)
  if (!splitsBySelector(plan))
    return isReplaced(stable) || (stable.ready > 0 && pin !== stable.hash)
      ? act(
          { kind: 'pin', hash: null },
          `${old}'s pods are being replaced from outside, and under its pin the Service would lose them all`,
        )
      : null
  // Here the pin is the switch. Without it the new version would get users, so it follows the most ready pods of the old one.
  return pin !== canary?.hash && pin !== stable.hash && stable.ready > 0
    ? act({ kind: 'pin', hash: stable.hash }, `${old}'s pods were replaced from outside: its Service follows`)
    : null
}

/** While two versions are compared, a change from outside in either of them ends the comparison. */
export function endComparison({ plan, baseline, phase }: Rollout, seen: Observation): Decision | null {
  const { stable, canary, service, canaryService } = seen
  const { fresh, old } = versionNames(plan)
  if (service === null) return revert(`${old}'s Service ${plan.service} was removed from outside`)
  if (stable !== null && isReplaced(stable)) return revert(changed(old, baseline.hash, stable.newestHash))
  if (stable !== null && stable.ready > 0 && stable.hash !== baseline.hash)
    return revert(changed(old, baseline.hash, stable.hash))
  // During the preparation its pods may still be of an earlier template.
  const pinned = phase.kind === 'prepare' ? null : (canaryService?.pin ?? null)
  if (canary !== null && pinned !== null && canary.newestHash !== null && canary.newestHash !== pinned)
    return revert(changed(fresh, pinned, canary.newestHash))
  return null
}

/** The newest template does not serve yet, and its pods are starting. A template that cannot run replaces nothing. */
export const isReplaced = ({ hash, newestHash, readiness }: ObservedWorkload): boolean =>
  newestHash !== null && newestHash !== hash && readiness.kind !== 'failed'

const changed = (version: string, was: string | null, is: string | null): string =>
  `${version}'s pods were changed from outside during the rollout (pod-template-hash ${was ?? 'none'} became ${is ?? 'none'}), ` +
  `so the two versions cannot be compared any more; run it again`
