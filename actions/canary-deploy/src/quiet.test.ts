import { parseSteps } from '@alt-las/rollout'
import { describe, expect, test } from '@jest/globals'
import { v2 } from '../../../packages/rollout/testing/manifests.ts'
import type { Given } from './given.ts'
import { scenario } from './testing/scenario.ts'

const auto: Partial<Given> = {
  image: v2,
  release: 'r2',
  steps: parseSteps('auto'),
  bake: 60_000,
  rollbackWindow: 60_000,
  maxDuration: 45 * 60_000,
}

/** The lines of a second release at this rate of requests, without their times. */
async function linesAt(rps: number, overrides: Partial<Given> = {}) {
  const here = scenario()
  await here.run({})
  const before = here.log.lines.length
  here.rps = rps
  const outcome = await here.run({ ...auto, ...overrides })
  return { outcome, lines: here.log.lines.slice(before).map((line) => line.replace(/^ *\S+ {2}/, '')) }
}

describe('the log of a rollout', () => {
  test.each([0, 0.1, 5])('at %d requests a second says nothing twice, and is short', async (rps) => {
    const { lines } = await linesAt(rps)
    expect(lines.filter((line, index) => lines.indexOf(line) < index)).toEqual([])
    expect(lines.length).toBeLessThan(80)
    expect(lines.filter((line) => line.includes('foresees'))).toHaveLength(1)
  })

  test('of a waiting step says what for, how many of how many, at what rate and until when', async () => {
    const { lines } = await linesAt(5)
    expect(lines.join('\n')).toMatch(
      /measures; step \d+: \d+ of some \d+ requests to the canary for the proof, at [\d.]+\/s until about \d\d:\d\d UTC/,
    )
  })

  test('of a healthy, busy rollout is a page', async () => {
    const { outcome, lines } = await linesAt(100)
    expect(outcome.targets[0]?.verdict).toBe('promoted')
    expect(lines.length).toBeLessThan(60)
  })
})
