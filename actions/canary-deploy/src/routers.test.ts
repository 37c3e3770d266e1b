import { describe, expect, test } from '@jest/globals'
import type { Cluster, Deployment, KubeObject, Service } from '@alt-las/kubernetes'
import { canaryDeploy } from './canary-deploy.ts'
import type { Inputs } from './inputs.ts'
import { inputs, manifests, simulatedLab, v1, v2, type SimulatedLab } from './simulated/lab.ts'

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

const cases: readonly (readonly [string, KubeObject | null, Inputs['router']])[] = [
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
  const portsOf = (lab: SimulatedLab, holder: string, through = lab.runner(holder).cluster) => ({
    ...lab.runner(holder, undefined, through),
    readManifests: () => Promise.resolve(objects),
  })
  const deploy = (lab: SimulatedLab, more: Partial<Inputs>, ports = portsOf(lab, 'a/1/1')) =>
    canaryDeploy(inputs({ router: asked, steps, ...more }), ports)
  const next = { image: v2, release: 'v1.1.0' }

  async function installed(): Promise<SimulatedLab> {
    const lab = simulatedLab()
    await deploy(lab, { image: v1 })
    lab.settle()
    return lab
  }

  function expectAtRest(lab: SimulatedLab, serving: string): void {
    expect(lab.violations).toEqual([])
    const deployment = lab.cluster.peek<Deployment>(at('apps/v1', 'Deployment'))
    expect(deployment?.spec.template.spec.containers[0]?.image).toBe(serving)
    expect(lab.cluster.peek(at('apps/v1', 'Deployment', 'web-canary'))).toBeNull()
    expect(lab.cluster.peek(at('v1', 'Service', 'web-canary'))).toBeNull()
    expect(lab.cluster.peek<Service>(at('v1', 'Service'))?.spec.selector).toEqual({ app: 'web' })
    if (route !== null) {
      const live = lab.cluster.peek(at(route.apiVersion, route.kind))
      expect((live as unknown as { spec: unknown }).spec).toEqual(
        (route as unknown as { spec: unknown }).spec,
      )
    }
  }

  test('a healthy version goes through every step, and the route is what it was', async () => {
    const lab = await installed()
    const outcome = await deploy(lab, next)
    expect(outcome).toMatchObject({ kind: 'passed', targets: [{ verdict: 'promoted' }] })
    expect(outcome.targets[0]?.rollout?.timeline.map(({ weight }) => weight)).toContain(50)
    expect(outcome.evidence).toMatchObject({ router: { kind: router } })
    expectAtRest(lab, v2)
  })

  test('a bad version goes back, and the route is what it was', async () => {
    const lab = await installed()
    lab.errors.set(v2, 0.3)
    const outcome = await deploy(lab, next)
    expect(outcome).toMatchObject({ kind: 'refused', targets: [{ verdict: 'rolled-back' }] })
    expectAtRest(lab, v1)
  })

  test('killed after any write, and run again, it ends as if it had not been', async () => {
    const whole = await installed()
    const counting = dying(whole.cluster, Infinity)
    await deploy(whole, next, portsOf(whole, 'a/1/1', counting.cluster))
    for (let write = 1; write <= counting.count(); write += 7) {
      const lab = await installed()
      const first = portsOf(lab, 'a/1/1', dying(lab.cluster, write).cluster)
      // What is written last is the lease's release, which nobody waits for.
      await deploy(lab, next, first).catch(() => undefined)
      await lab.clock.sleep(60_000)
      await deploy(lab, next, portsOf(lab, 'b/2/1'))
      expectAtRest(lab, v2)
    }
  })
})

/** A cluster for a runner that dies once its write number `last` is committed. */
function dying(cluster: Cluster, last: number): { readonly cluster: Cluster; readonly count: () => number } {
  let count = 0
  const call = async <T>(deed: () => Promise<T>, isWrite: boolean): Promise<T> => {
    if (count >= last) throw new Error('killed')
    const answer = await deed()
    if (isWrite) count += 1
    if (count >= last) throw new Error('killed')
    return answer
  }
  return {
    count: () => count,
    cluster: {
      ...cluster,
      get: (one) => call(() => cluster.get(one), false),
      list: (one) => call(() => cluster.list(one), false),
      apply: (object, manager) => call(() => cluster.apply(object, manager), true),
      patch: (one, operations) => call(() => cluster.patch(one, operations), true),
      remove: (one, only) => call(() => cluster.remove(one, only), true),
    },
  }
}
