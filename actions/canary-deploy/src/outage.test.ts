import { Failure } from '@alt-las/failure'
import type { Deployment } from '@alt-las/kubernetes'
import { expect, test } from '@jest/globals'
import { v1, v2 } from '../../../packages/rollout/testing/manifests.ts'
import { canaryDeploy } from './canary-deploy.ts'
import { inputs } from './testing/inputs.ts'
import { scenario } from './testing/scenario.ts'

const web = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'web' }

/** Releases v2; from the first call for which `when` holds the API server answers nothing for `ms`. */
async function release(when: (weight: number | undefined) => boolean, ms: number) {
  const here = scenario()
  await canaryDeploy(inputs({ image: v1, release: 'v1' }), here.runner('ALT-LAS/web/1/1'))
  here.settle()
  let awayFrom: number | null = null
  here.cluster.hooks.beforeCall = () => {
    if (awayFrom === null && when(here.shares()[0])) awayFrom = here.clock.elapsed()
    if (awayFrom !== null && here.clock.elapsed() < awayFrom + ms)
      throw new Failure('unavailable', 'the API server refuses connections', { fault: 'outside' })
  }
  const outcome = canaryDeploy(inputs({ image: v2, release: 'v2' }), here.runner('ALT-LAS/web/2/1'))
  return { here, outcome }
}

test.each([10, 50])(
  'an API server that is away for two minutes at %s%% does not end the rollout: the lease is taken back, and it is promoted',
  async (weight) => {
    const { here, outcome } = await release((share) => share === weight, 120_000)
    expect(await outcome).toMatchObject({ kind: 'passed' })
    expect(here.cluster.peek<Deployment>(web)?.spec.template.spec.containers[0]?.image).toBe(v2)
    expect(here.violations).toEqual([])
    expect(here.log.lines.filter((line) => line.includes('API server'))).toEqual([
      expect.stringContaining(
        'does not answer (the API server refuses connections); routes and pods stay as they are',
      ),
      expect.stringContaining('answers again after'),
    ])
  },
)

test('one that stays away ends with the time of the run, and the sentence says where the traffic may be', async () => {
  const { outcome } = await release((share) => share === 50, Infinity)
  await expect(outcome).rejects.toThrow(/may still have traffic; run it again/)
})
