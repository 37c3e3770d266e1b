import { asFailure } from '@alt-las/failure'

/** Who ended a check: the verified service, or anything else, such as the cluster's API, a registry, the network and the inputs. */
export type Cause = 'service' | 'outside'

const serviceCodes = ['not-accepted', 'no-answer', 'broken-off', 'too-slow']

/**
 * Who caused what a check threw. An error that verify itself cannot explain counts as the service's: else a service that crashes verify could
 * stay in production.
 */
export function causeOf(error: unknown): Cause {
  const { code } = asFailure(error)
  return code === 'unexpected' || serviceCodes.includes(code) ? 'service' : 'outside'
}

interface Concluded {
  readonly outcome: 'passed' | 'refused' | 'failed'
  readonly cause?: Cause
}

/**
 * Who caused that a run did not pass; null where every check passed. One "no" about the service is enough: neither a check that could not be
 * done nor a "no" about its surroundings hides it.
 */
export function causeOfAll(checks: readonly Concluded[]): Cause | null {
  const against = checks.filter(({ outcome }) => outcome !== 'passed')
  if (against.length === 0) return null
  const isService = against.some(({ outcome, cause }) =>
    outcome === 'refused' ? cause !== 'outside' : cause === 'service',
  )
  return isService ? 'service' : 'outside'
}
