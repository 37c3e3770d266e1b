import type { Deployment, KubeObject, Service } from '@alt-las/kubernetes'
import { expect, test } from '@jest/globals'
import { v1, v2 } from '../../../packages/rollout/testing/manifests.ts'
import { canaryDeploy } from './canary-deploy.ts'
import { inputs } from './testing/inputs.ts'
import { type Scenario, scenario } from './testing/scenario.ts'

const deployments = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop' }

/** What `kubectl set env deployment/<name>` does. */
function setEnv({ cluster }: Scenario, name: string): void {
  const live = cluster.peek<Deployment>({ ...deployments, name })
  if (live === null) throw new Error(`no Deployment ${name}`)
  const { spec } = live.spec.template
  const containers = spec.containers.map((one) => ({ ...one, env: [{ name: 'HOTFIX', value: '1' }] }))
  const template = { ...live.spec.template, spec: { ...spec, containers } }
  const generation = (live.metadata.generation ?? 0) + 1
  cluster.put({
    ...live,
    metadata: { ...live.metadata, generation },
    spec: { ...live.spec, template },
  } as KubeObject)
}

/** Releases v2 over v1 and makes a change from outside as soon as half of the traffic is on the canary. */
async function release(act: (here: Scenario) => void) {
  const here = scenario()
  await canaryDeploy(inputs({ image: v1, release: 'v1' }), here.runner('ALT-LAS/web/1/1'))
  here.settle()
  let done = false
  here.cluster.hooks.afterCall = () => {
    if (done || here.shares()[0] !== 50) return
    done = true
    act(here)
  }
  const outcome = await canaryDeploy(inputs({ image: v2, release: 'v2' }), here.runner('ALT-LAS/web/2/1'))
  here.cluster.hooks.afterCall = () => undefined
  here.settle()
  const stable = here.cluster.peek<Deployment>({ ...deployments, name: 'web' })
  const service = here.cluster.peek<Service>({
    apiVersion: 'v1',
    kind: 'Service',
    namespace: 'shop',
    name: 'web',
  })
  return {
    here,
    outcome,
    container: stable?.spec.template.spec.containers[0],
    selector: service?.spec.selector,
  }
}

test("a hotfix of stable in the middle: its Service keeps ready pods at every write, and the rollout goes back with the person's change", async () => {
  const { here, outcome, container, selector } = await release((here) => {
    setEnv(here, 'web')
  })
  expect(outcome).toMatchObject({ kind: 'refused' })
  expect(outcome.because).toMatch(/stable's pods were changed from outside .*run it again/)
  expect(here.violations).toEqual([])
  expect(container).toMatchObject({ image: v1, env: [{ name: 'HOTFIX' }] })
  expect(selector).not.toHaveProperty('pod-template-hash')
  expect(here.shares()).toEqual([0])
})

test("a change of the canary's pods ends the comparison: what is judged would not be what is promoted", async () => {
  const { here, outcome, container } = await release((here) => {
    setEnv(here, 'web-canary')
  })
  expect(outcome).toMatchObject({ kind: 'refused' })
  expect(outcome.because).toContain("the canary's pods were changed from outside")
  expect(container).toMatchObject({ image: v1 })
  expect(here.violations).toEqual([])
})
