import { killPoints } from '@alt-las/model-checker'
import { describe, expect, test } from '@jest/globals'
import { v1, v2 } from '../../../../packages/rollout/testing/manifests.ts'
import { canaryDeploy } from '../canary-deploy.ts'
import { inputs } from '../testing/inputs.ts'
import { scenario } from '../testing/scenario.ts'
import {
  type Target,
  imageOf,
  phases,
  releaseInputs,
  running,
  severalPorts,
  severalScenario,
} from '../testing/several.ts'

const targets: readonly Target[] = [
  { name: 'web', needs: ['store'] },
  { name: 'store' },
  { name: 'mail', with: { strategy: 'rolling', router: 'auto' } },
]

describe('an unfinished release of several targets', () => {
  test.each(['abort', 'rollback'] as const)(
    'killed half-way, %s brings all of it back',
    async (operation) => {
      const targets: readonly Target[] = [
        { name: 'web', needs: ['store'] },
        { name: 'store' },
        { name: 'mail', with: { strategy: 'rolling', router: 'auto' } },
      ]
      const here = severalScenario(targets)
      await canaryDeploy(releaseInputs(targets, 'r1', v1), severalPorts(here))
      here.settle()
      const opening = here.snapshot()
      const told = scenario({ services: targets.map(({ name }) => name) }, opening)
      const { points } = await killPoints(told, (lane) =>
        canaryDeploy(releaseInputs(targets, 'r2', v2), severalPorts(told, told.runner('killed/1/1', lane))),
      )
      let tried = 0
      for (const { snapshot } of points.filter((_, index) => index % 40 === 7)) {
        const again = scenario({ services: targets.map(({ name }) => name) }, snapshot)
        const isBegun = phases(again, targets).some((phase) => phase !== 'promoted')
        if (!isBegun) continue
        tried += 1
        const back = inputs({ operation, deployment: null, image: null, release: 'r2' })
        const outcome = await canaryDeploy(back, again.runner('back/1/1'))
        again.settle()
        expect(outcome.kind).toBe('passed')
        expect(running(again, targets)).toEqual(targets.map(({ name }) => imageOf(name, v1)))
        expect(again.violations).toEqual([])
      }
      expect(tried).toBeGreaterThan(5)
    },
    120_000,
  )

  test('killed after a first installation, abort removes it again', async () => {
    const both: readonly Target[] = [{ name: 'web', needs: ['store'] }, { name: 'store' }]
    const here = severalScenario(both)
    await canaryDeploy(releaseInputs([{ name: 'web' }], 'r1', v1), severalPorts(here))
    here.settle()
    const { points } = await killPoints(here, (lane) =>
      canaryDeploy(releaseInputs(both, 'r2', v2), severalPorts(here, here.runner('killed/1/1', lane))),
    )
    const services = both.map(({ name }) => name)
    const half = points
      .map(({ snapshot }) => scenario({ services }, snapshot))
      .find((again) => /^step/.test(phases(again, both)[0] ?? ''))
    if (half === undefined) throw new Error('no point of it lies in a step of web')
    expect(phases(half, both)[1]).toBe('promoted')
    const abort = inputs({ operation: 'abort', deployment: null, image: null, release: 'r2' })
    const outcome = await canaryDeploy(abort, half.runner('back/1/1'))
    half.settle()
    expect(outcome.kind).toBe('passed')
    expect(running(half, both)).toEqual([imageOf('web', v1), ''])
    expect(phases(half, both)).toEqual(['rolled-back', 'rolled-back'])
    expect(half.violations.filter((one) => !one.includes('Service store selects no ready pod'))).toEqual([])
  })

  test('a target of a release is not promoted alone', async () => {
    const here = severalScenario(targets)
    await canaryDeploy(releaseInputs(targets, 'r1', v1), severalPorts(here))
    here.settle()
    const { points } = await killPoints(here, (lane) =>
      canaryDeploy(releaseInputs(targets, 'r2', v2), severalPorts(here, here.runner('killed/1/1', lane))),
    )
    const half = points[Math.floor(points.length / 2)]
    if (half === undefined) throw new Error('nothing was called')
    const again = scenario({ services: targets.map(({ name }) => name) }, half.snapshot)
    const promote = inputs({ operation: 'promote', deployment: null, image: null, release: 'r2' })
    await expect(canaryDeploy(promote, again.runner('promote/1/1'))).rejects.toMatchObject({
      code: 'cannot-promote',
      hint: 'run `deploy` with the same `targets` again: all of them pass together',
    })
  })
})
