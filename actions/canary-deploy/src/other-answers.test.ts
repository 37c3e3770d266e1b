import { describe, expect, test } from '@jest/globals'
import { v2 } from '../../../packages/rollout/testing/manifests.ts'
import type { Ports } from './ports.ts'
import { scenario } from './testing/scenario.ts'

/** The canary answers 404 to everything, without one error that a gateway counts. */
const rejecting = ({ next, history }: Ports['scrapes']): Ports['scrapes'] => ({
  history,
  next: async (...asked) => {
    const reading = await next(...asked)
    if (reading.kind !== 'block') return reading
    const { canary, stable } = reading.block
    const counted = {
      canary: { ...canary, redirects: 0, rejects: canary.requests },
      stable: { ...stable, redirects: 0, rejects: 0 },
    }
    return { kind: 'block', block: { ...reading.block, ...counted } }
  },
})

describe('a version that rejects what stable answers', () => {
  test.each(['canary', 'blue-green'] as const)('goes back: %s', async (strategy) => {
    const here = scenario()
    await here.run({})
    const scrapes = rejecting(here.ports.scrapes)
    const asked = {
      image: v2,
      release: 'r2',
      strategy,
      ...(strategy === 'canary' ? {} : { router: 'auto' as const }),
    }
    const outcome = await here.run(asked, {}, { scrapes })
    expect(outcome.targets[0]?.verdict).toBe('rolled-back')
    expect(outcome.because).toMatch(/the canary answers 100 % of \d+ requests with 4xx, stable 0 % of \d+/)
    expect(here.violations).toEqual([])
  })
})
