import { test } from '@jest/globals'
import { play } from './harness.ts'
import { targets } from './targets.ts'

/** `npm run test:fuzz` plays 100,000 of each. */
const options = { runs: 2000, seed: 20261201, limitMs: 200_000 }

test.each(targets.map((target) => [target.name, target] as const))(
  '%s: read or refused by type, in bounded time and memory',
  (_name, target) => play(target, options),
)
