/** Settings; fixed for a whole rollout. */
export interface Settings {
  /** alpha: the chance, over a whole rollout, that a version as good as stable is rolled back; 0..1. */
  readonly risk: number
  /** r0 = r1: the canary may fail this many times as often as stable; >= 1. */
  readonly errorMargin: number
  /** tol: the canary may take this many times as long as stable; >= 1. null: latency is not judged. */
  readonly latencyMargin: number | null
  /** H: blocks within `max-duration`. */
  readonly horizon: number
  /** How long stable is kept after the proof, in ms. */
  readonly bake: number
  /** phi, >= 1, where it is known: 1 for independent requests. null: from the history, or from stable while the weight is small. */
  readonly dispersion: number | null
  /** False with sticky sessions and without a router that splits by weight: fewer requests are then no evidence. */
  readonly expectTraffic: boolean
  readonly weights: Weights
  /** Requests a second of both versions that are known to come, where the history does not show them: the ramp begins with these. */
  readonly expectedRate?: number
  /** Names of the two versions in sentences. Default: the canary, stable, at the same time. */
  readonly names?: Names
}

export interface Names {
  readonly canary: string
  readonly stable: string
  /** When stable's requests were counted: `at the same time`, `before the switch`. */
  readonly when: string
}

export type Weights =
  | {
      /** The weights are set by the caller; a verdict names the current one. */
      readonly kind: 'fixed'
      /** The canary's share from which on a proof counts: the last weight that is set, at most half; 0..1. */
      readonly proof: number
    }
  | {
      readonly kind: 'auto'
      /** The smallest weight that the router can set, and its step; 0..1. */
      readonly least: number
      /** Two scrapes and the time until the router has taken a weight, in ms; at least 10 s are reckoned with. */
      readonly reaction: number
    }

/** Throws RangeError that names an impossible setting. */
export function checkSettings(settings: Settings): void {
  const { risk, errorMargin, latencyMargin, horizon, dispersion, bake, weights } = settings
  const { expectedRate = 0 } = settings
  if (!(risk > 0 && risk < 1)) refuse('risk', risk, 'more than 0 and less than 1')
  if (!(errorMargin >= 1 && errorMargin < Infinity)) refuse('errorMargin', errorMargin, 'at least 1')
  if (latencyMargin !== null && !(latencyMargin >= 1 && latencyMargin < Infinity))
    refuse('latencyMargin', latencyMargin, 'at least 1')
  if (!(horizon >= 1 && horizon < Infinity)) refuse('horizon', horizon, 'at least 1 block')
  if (dispersion !== null && !(dispersion >= 1 && dispersion < Infinity))
    refuse('dispersion', dispersion, 'at least 1')
  if (!(bake >= 0 && bake < Infinity)) refuse('bake', bake, 'at least 0 ms')
  if (!(expectedRate >= 0 && expectedRate < Infinity))
    refuse('expectedRate', expectedRate, 'at least 0 requests a second')
  const [name, share] = weights.kind === 'fixed' ? ['proof', weights.proof] : ['least', weights.least]
  if (!(share > 0 && share <= 0.5)) refuse(`${name} weight`, share, 'above 0, up to 0.5')
  if (weights.kind === 'auto' && !(weights.reaction >= 0 && weights.reaction < Infinity))
    refuse('reaction', weights.reaction, 'at least 0 ms')
}

function refuse(name: string, value: number, expected: string): never {
  throw new RangeError(`${name} is ${value}, expected ${expected}`)
}
