import { isEnding, type Round } from './round/round.ts'

/** Removes what no owner is left of, also what was made when its owner was already gone. Owners count by uid, never by name. */
export function collector(round: Round): void {
  const uids = new Set(round.of('').map(({ metadata }) => metadata.uid))
  for (const one of round.of('')) {
    const { ownerReferences = [] } = one.metadata
    if (ownerReferences.length === 0 || isEnding(one)) continue
    if (ownerReferences.every(({ uid }) => !uids.has(uid))) round.remove(one)
  }
}
