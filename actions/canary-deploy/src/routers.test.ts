import type { Deployment, KubeObject, Service } from '@alt-las/kubernetes'
import { describe, expect, test } from '@jest/globals'
import { manifests, v1, v2 } from '../../../packages/rollout/testing/manifests.ts'
import { canaryDeploy } from './canary-deploy.ts'
import type { Given } from './given.ts'
import { inputs } from './testing/inputs.ts'
import { type Scenario, scenario } from './testing/scenario.ts'

const metadata = { name: 'web', namespace: 'shop' }
const services = [{ name: 'web', port: 80 }]
const ingressRoute = {
  apiVersion: 'traefik.io/v1alpha1',
  kind: 'IngressRoute',
  metadata,
  spec: { routes: [{ match: 'PathPrefix(`/`)', services }] },
}
const virtualService = {
  apiVersion: 'networking.istio.io/v1',
  kind: 'VirtualService',
  metadata,
  spec: { hosts: ['web'], http: [{ route: [{ destination: { host: 'web' } }] }] },
}
const steps = {
  pauseAtPreview: false,
  steps: [
    { weight: 25, holdMs: 20_000 },
    { weight: 50, holdMs: 20_000 },
  ],
}

const cases: readonly (readonly [string, KubeObject | null, Given['router']])[] = [
  ['traefik', ingressRoute, 'auto'],
  ['istio', virtualService, 'auto'],
  ['replicas', null, 'replicas'],
]

const at = (apiVersion: string, kind: string, name = 'web') => ({
  apiVersion,
  kind,
  namespace: 'shop',
  name,
})

describe.each(cases)('through %s', (router, route, asked) => {
  const objects = [
    ...manifests().filter(({ kind }) => kind !== 'HTTPRoute'),
    ...(route === null ? [] : [route]),
  ]
  const deploy = (here: Scenario, more: Partial<Given>) =>
    canaryDeploy(inputs({ router: asked, steps, ...more }), {
      ...here.runner('a/1/1'),
      readManifests: () => Promise.resolve(objects),
    })
  const next = { image: v2, release: 'v1.1.0' }

  async function installed(): Promise<Scenario> {
    const here = scenario()
    await deploy(here, { image: v1 })
    here.settle()
    return here
  }

  function expectAtRest(here: Scenario, serving: string): void {
    expect(here.violations).toEqual([])
    const deployment = here.cluster.peek<Deployment>(at('apps/v1', 'Deployment'))
    expect(deployment?.spec.template.spec.containers[0]?.image).toBe(serving)
    expect(here.cluster.peek(at('apps/v1', 'Deployment', 'web-canary'))).toBeNull()
    expect(here.cluster.peek(at('v1', 'Service', 'web-canary'))).toBeNull()
    expect(here.cluster.peek<Service>(at('v1', 'Service'))?.spec.selector).toEqual({ app: 'web' })
    if (route !== null) {
      const live = here.cluster.peek(at(route.apiVersion, route.kind))
      expect((live as unknown as { spec: unknown }).spec).toEqual(
        (route as unknown as { spec: unknown }).spec,
      )
    }
  }

  test('a healthy version goes through every step, and the route is what it was', async () => {
    const here = await installed()
    const outcome = await deploy(here, next)
    expect(outcome).toMatchObject({ kind: 'passed', targets: [{ verdict: 'promoted' }] })
    expect(outcome.targets[0]?.rollout?.timeline.map(({ weight }) => weight)).toContain(50)
    expect(outcome.evidence).toMatchObject({ router: { kind: router } })
    expectAtRest(here, v2)
  })

  test('a bad version goes back, and the route is what it was', async () => {
    const here = await installed()
    here.errors.set(v2, 0.3)
    const outcome = await deploy(here, next)
    expect(outcome).toMatchObject({ kind: 'refused', targets: [{ verdict: 'rolled-back' }] })
    expectAtRest(here, v1)
  })
})
