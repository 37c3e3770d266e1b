import { Failure } from '@alt-las/failure'
import type { Deployment } from '@alt-las/kubernetes'
import { describe, expect, test } from '@jest/globals'
import { v1, v2 } from '../../../packages/rollout/testing/manifests.ts'
import { mortal } from '../../../packages/rollout/testing/mortal.ts'
import { canaryDeploy } from './canary-deploy.ts'
import { type SimulatedLab, inputs, simulatedLab } from './testing/lab.ts'

const next = { image: v2, release: 'v2' }
const refused = () =>
  new Failure('forbidden', 'the API server refuses this patch: no more writing today', { fault: 'outside' })

/** A canary with a tenth of the traffic, whose runner is gone. */
async function abandoned(): Promise<SimulatedLab> {
  const lab = simulatedLab()
  await canaryDeploy(inputs({ image: v1, release: 'v1' }), lab.runner('ALT-LAS/web/1/1'))
  lab.settle()
  for (let at = 1; lab.shares()[0] !== 10; at += 1) {
    const { cluster } = mortal(lab.cluster, { at, when: 'after' })
    const dying = canaryDeploy(inputs(next), lab.runner('ALT-LAS/web/2/1', undefined, cluster))
    await expect(dying).rejects.toThrow('killed')
  }
  return lab
}

const again = (lab: SimulatedLab) =>
  canaryDeploy(inputs(next), lab.runner('ALT-LAS/web/3/1')).catch((error: unknown) => error)
const deployments = ({ cluster }: SimulatedLab) =>
  cluster.all<Deployment>('Deployment').map(({ metadata }) => metadata.name)

describe('a run that goes on with a canary that has traffic', () => {
  test.each(['HTTPRoute', 'Deployment', 'Service'])(
    'brings it back where its first mark on a %s is refused',
    async (kind) => {
      const lab = await abandoned()
      expect(lab.shares()).toEqual([10])
      lab.cluster.failNext({ verb: 'patch', kind }, refused())
      expect(await again(lab)).toMatchObject({
        code: 'forbidden',
        message: expect.stringMatching(/no more writing today; everything is as it was before$/),
      })
      expect(lab.shares()).toEqual([0])
      lab.settle()
      expect(deployments(lab)).toEqual(['web'])
      expect(lab.violations).toEqual([])
    },
  )

  test('says that the traffic may still be there where the route may not be written at all', async () => {
    const lab = await abandoned()
    lab.cluster.hooks.beforeCall = ({ verb, at }) => {
      if (verb === 'patch' && at.kind === 'HTTPRoute') throw refused()
    }
    expect(String(await again(lab))).toMatch(
      /no more writing today; and the way back broke, too \(.*\), the canary may still have traffic; run it again/,
    )
    delete lab.cluster.hooks.beforeCall
    expect(await again(lab)).toMatchObject({ kind: 'passed' })
    expect(lab.violations).toEqual([])
  })
})
