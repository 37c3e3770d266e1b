import { type Definition, isEstablished } from '../server/definition.ts'
import { textOf, type Round } from './round/round.ts'

/** From its birth until the API server serves what it defines, ms. */
const establishedMs = 1000

/** Definitions are established some moments after they were made. */
export function definitions(round: Round): void {
  for (const one of round.of<Definition>('CustomResourceDefinition')) {
    const at = Date.parse(one.metadata.creationTimestamp ?? '') + establishedMs
    if (isEstablished(one)) continue
    if (round.now < at) {
      round.wake(at)
      continue
    }
    const lastTransitionTime = textOf(round.now)
    const conditions = ['NamesAccepted', 'Established'].map((type) => ({
      type,
      status: 'True' as const,
      lastTransitionTime,
    }))
    round.put({ ...one, status: { ...one.status, conditions } } as Definition)
  }
}
