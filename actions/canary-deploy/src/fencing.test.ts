import { Failure } from '@alt-las/failure'
import type { Deployment } from '@alt-las/kubernetes'
import { faulty, untilDeath } from '@alt-las/simulated-cluster'
import { describe, expect, test } from '@jest/globals'
import { v1, v2 } from '../../../packages/rollout/testing/manifests.ts'
import { canaryDeploy } from './canary-deploy.ts'
import { inputs } from './testing/inputs.ts'
import { type Scenario, scenario } from './testing/scenario.ts'

const next = { image: v2, release: 'v2' }
const refused = () =>
  new Failure('forbidden', 'the API server refuses this patch: no more writing today', { fault: 'outside' })

/** A canary with a tenth of the traffic, whose runner is gone. */
async function abandoned(): Promise<Scenario> {
  const here = scenario()
  await canaryDeploy(inputs({ image: v1, release: 'v1' }), here.runner('ALT-LAS/web/1/1'))
  here.settle()
  for (let at = 1; here.shares()[0] !== 10; at += 1) {
    const dying = faulty(here, [{ at, of: 'writes', fault: { kind: 'kill', when: 'after' } }])
    const end = await untilDeath(dying, (lane) =>
      canaryDeploy(inputs(next), here.runner('ALT-LAS/web/2/1', lane)),
    )
    expect(end).toEqual({ kind: 'killed' })
  }
  return here
}

const again = (here: Scenario) =>
  canaryDeploy(inputs(next), here.runner('ALT-LAS/web/3/1')).catch((error: unknown) => error)
const deployments = ({ cluster }: Scenario) =>
  cluster.all<Deployment>('Deployment').map(({ metadata }) => metadata.name)

describe('a run that goes on with a canary that has traffic', () => {
  test.each(['HTTPRoute', 'Deployment', 'Service'])(
    'brings it back where its first mark on a %s is refused',
    async (kind) => {
      const here = await abandoned()
      expect(here.shares()).toEqual([10])
      here.cluster.failNext({ verb: 'patch', kind }, refused())
      expect(await again(here)).toMatchObject({
        code: 'forbidden',
        message: expect.stringMatching(/no more writing today; everything is as it was before$/),
      })
      expect(here.shares()).toEqual([0])
      here.settle()
      expect(deployments(here)).toEqual(['web'])
      expect(here.violations).toEqual([])
    },
  )

  test('says that the canary may still have traffic if the route cannot be written', async () => {
    const here = await abandoned()
    here.cluster.hooks.beforeCall = ({ verb, at }) => {
      if (verb === 'patch' && at.kind === 'HTTPRoute') throw refused()
    }
    expect(String(await again(here))).toMatch(
      /no more writing today; and the rollback failed, too \(.*\), the canary may still have traffic; run it again/,
    )
    delete here.cluster.hooks.beforeCall
    expect(await again(here)).toMatchObject({ kind: 'passed' })
    expect(here.violations).toEqual([])
  })
})
