import { killPoints } from '@alt-las/model-checker'
import type { Lane, Snapshot } from '@alt-las/simulated-cluster'
import { describe, expect, test } from '@jest/globals'
import { canaryDeploy } from '../../actions/canary-deploy/src/canary-deploy.ts'
import { type Habits, type Scenario, scenario } from '../../actions/canary-deploy/src/testing/scenario.ts'
import {
  type Target,
  imageOf,
  releaseInputs,
  running,
  severalPorts,
} from '../../actions/canary-deploy/src/testing/several.ts'
import { v1, v2 } from '../../packages/rollout/testing/manifests.ts'
import { ending } from './stories.ts'

const targets: readonly Target[] = [
  { name: 'web', needs: ['store'] },
  { name: 'store' },
  { name: 'mail', with: { strategy: 'rolling', router: 'auto' } },
]
const services = targets.map(({ name }) => name)

const release = (here: Scenario, name: 'r1' | 'r2', holder: string, lane: Pick<Lane, 'cluster' | 'clock'>) =>
  canaryDeploy(
    releaseInputs(targets, name, name === 'r1' ? v1 : v2),
    severalPorts(here, here.runner(holder, lane)),
  )

/** All that must be the same however often its runner was killed. */
function ended(here: Scenario) {
  here.settle()
  return { world: ending(here), images: running(here, targets), violations: here.violations }
}

interface Story {
  readonly name: string
  readonly habits: Habits
  readonly image: string
}

const stories: readonly Story[] = [
  { name: 'a release that passes', habits: {}, image: v2 },
  {
    name: 'a release whose last target is refused',
    habits: { errors: { [imageOf('web', v2)]: 0.5 } },
    image: v1,
  },
]

describe.each(stories)('$name', ({ habits, image }) => {
  test('killed before or after any call, and run again, it ends as if nothing had happened', async () => {
    const all = { ...habits, services }
    const first = scenario(all)
    await release(first, 'r1', 'first/1/1', first)
    first.settle()
    const opening: Snapshot = first.snapshot()
    const here = scenario(all, opening)
    const { points } = await killPoints(here, (lane) => release(here, 'r2', 'second/1/1', lane))
    const calm = ended(here)
    expect(calm.images).toEqual(targets.map(({ name }) => imageOf(name, image)))
    expect(calm.violations).toEqual([])
    const step = Math.ceil(points.length / 30)
    for (const { at, when, snapshot } of points.filter((_, index) => index % step === 1)) {
      const again = scenario(all, snapshot)
      const { targets: results } = await release(again, 'r2', 'third/1/1', again)
      expect({ at, when, ...ended(again) }).toEqual({ at, when, ...calm })
      expect(results).toHaveLength(3)
    }
  }, 300_000)
})
