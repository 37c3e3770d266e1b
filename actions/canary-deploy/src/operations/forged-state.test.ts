import type { ConfigMap, Deployment } from '@alt-las/kubernetes'
import { expect, test } from '@jest/globals'
import { v1, v2 } from '../../../../packages/rollout/testing/manifests.ts'
import { canaryDeploy } from '../canary-deploy.ts'
import { inputs } from '../testing/inputs.ts'
import { type Scenario, scenario } from '../testing/scenario.ts'

/** A tenant who may write ConfigMaps, and nothing else, copies the state and puts a workload of their own into it. */
async function planted(change: (state: Readonly<Record<string, unknown>>) => unknown, name?: string) {
  const here = scenario()
  await here.run({ image: v1, release: 'v1' })
  await here.run({ image: v2, release: 'v2' })
  const own = here.peek<ConfigMap>('ConfigMap', 'alt-las-rollout-web')
  if (own === null) throw new Error('there is no state')
  const state = JSON.parse(own.data?.['rollout.json'] ?? '') as Record<string, unknown>
  const data = { ...own.data, 'rollout.json': JSON.stringify(change(state)) }
  here.cluster.put({
    ...own,
    metadata: { ...own.metadata, name: name ?? own.metadata.name },
    data,
  } as ConfigMap)
  const writes = here.cluster.writes().length
  const rollback = () =>
    canaryDeploy(
      inputs({ operation: 'rollback', deployment: null, image: null, manifests: [], release: null }),
      here.ports,
    )
  return { here, rollback, written: () => here.cluster.writes().slice(writes) }
}

const privileged = (desired: unknown): unknown => ({
  ...(desired as Deployment),
  spec: {
    ...(desired as Deployment).spec,
    template: {
      metadata: { labels: { app: 'web' } },
      spec: {
        serviceAccountName: 'admin',
        hostPID: true,
        containers: [{ name: 'web', image: 'evil.example/x', securityContext: { privileged: true } }],
      },
    },
  },
})

const template = (here: Scenario) => here.peek<Deployment>('Deployment', 'web', 'apps/v1')?.spec.template.spec

test("a tenant's pod template in the state of a target is not rolled back to: nothing is written, and the sentence says why", async () => {
  const { here, rollback, written } = await planted((state) => {
    const releases = state['releases'] as { readonly list: readonly { readonly desired: unknown }[] }
    const list = releases.list.map((one) => ({ ...one, desired: privileged(one.desired) }))
    return { ...state, releases: { ...releases, list } }
  })
  const before = template(here)
  const outcome = await rollback()
  expect(outcome).toMatchObject({
    kind: 'refused',
    because: expect.stringContaining(
      'not rolled back: web: the state in ConfigMap alt-las-rollout-web is not signed with the key in Secret alt-las-rollout-key',
    ),
  })
  expect(written()).toEqual([])
  expect(template(here)).toEqual(before)
})

test('a copy under another name costs nothing but itself: the target goes back, and the copy is named', async () => {
  const { here, rollback, written } = await planted((state) => state, 'innocent')
  const outcome = await rollback()
  expect(outcome.because).toContain('innocent')
  expect(template(here)?.containers[0]?.image).toBe(v1)
  expect(written().filter(({ at }) => at.namespace !== 'shop')).toEqual([])
})
