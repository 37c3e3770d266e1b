import { Failure } from '@alt-las/failure'
import type { KubeObject } from '@alt-las/kubernetes'
import { describe, expect, test } from '@jest/globals'
import { v2 } from '../../../packages/rollout/testing/manifests.ts'
import { type Scenario, scenario } from './testing/scenario.ts'

const banner = (v: string) =>
  ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'banner', namespace: 'shop' },
    data: { v },
  }) as KubeObject
const refusal = new Failure('forbidden', 'quota exceeded', { fault: 'outside' })
const left = 'Deployment and traffic are restored; written objects that stay: ConfigMap shop/banner'

async function installed(): Promise<Scenario> {
  const here = scenario()
  await here.run({}, { objects: [banner('1')] })
  return here
}

describe('a rollout that goes back says what it has written and leaves', () => {
  test('where a write is refused', async () => {
    const here = await installed()
    here.cluster.failNext({ verb: 'apply', kind: 'Deployment', name: 'web-canary' }, refusal)
    const run = here.run({ image: v2, release: 'r2' }, { objects: [banner('2')] })
    await expect(run).rejects.toThrow(`quota exceeded; ${left}`)
    expect(here.peek('ConfigMap', 'banner')).toHaveProperty('data', { v: '2' })
  })

  test('where the second of two objects is refused, only the first', async () => {
    const here = await installed()
    here.cluster.failNext({ verb: 'apply', kind: 'Service', name: 'web' }, refusal)
    const run = here.run({ image: v2, release: 'r2' }, { objects: [banner('2')] })
    await expect(run).rejects.toThrow(new RegExp(`quota exceeded; ${left}$`))
  })

  test('where the version is bad', async () => {
    const here = await installed()
    here.behaviours.set(v2, 'crash')
    const outcome = await here.run({ image: v2, release: 'r2' }, { objects: [banner('2')] })
    expect(outcome).toMatchObject({ kind: 'refused', because: expect.stringContaining(left) })
  })

  test('and nothing where the manifests beside the workload are as they were', async () => {
    const here = await installed()
    here.behaviours.set(v2, 'crash')
    const outcome = await here.run({ image: v2, release: 'r2' }, { objects: [banner('1')] })
    expect(outcome.kind).toBe('refused')
    expect(outcome.because).not.toContain('written and left')
  })
})
