import type { BackendRef } from '@alt-las/kubernetes'
import { type BackendKind, type Pair, relativeWeights } from './weigher.ts'

export type { Pair } from './weigher.ts'

/** Backends as the Gateway API's routes write them. */
export const backendRefKind: BackendKind<BackendRef> = {
  is: (ref, name, { namespace }: Pair) => {
    const isService = (ref.kind ?? 'Service') === 'Service' && (ref.group ?? '') === ''
    return isService && ref.name === name && (ref.namespace ?? namespace) === namespace
  },
  weight: ({ weight }) => weight ?? null,
  port: ({ port }) => port ?? null,
  weighed: (ref, weight) => ({ ...ref, weight }),
  forCanary: (ref, { canaryService }) => ({ ...ref, name: canaryService }),
}

export const backendRefs = relativeWeights(backendRefKind)
export const { shareOf, splitRefs, withoutCanary } = backendRefs
