import type { Cause } from './causes/cause.ts'
import type { Readiness } from './readiness.ts'

/**
 * The cause that another version has too, or null. Pure. A shared cause is not the new version's fault: the same container that ends the
 * same way, the same missing object, the same registry that does not answer, no room for either.
 */
export function sharedCause(cause: Cause, other: Readiness): Cause | null {
  return other.causes?.find((one) => isSame(one, cause)) ?? null
}

function isSame(one: Cause, other: Cause): boolean {
  return one.kind === other.kind && one.container === other.container && one.about === other.about
}
