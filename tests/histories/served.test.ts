import type { Deployment, Pod, Service } from '@alt-las/kubernetes'
import { describe, expect, test } from '@jest/globals'
import { canaryDeploy } from '../../actions/canary-deploy/src/canary-deploy.ts'
import { inputs } from '../../actions/canary-deploy/src/testing/inputs.ts'
import { type Scenario, scenario } from '../../actions/canary-deploy/src/testing/scenario.ts'
import { first } from './story.ts'

const service = { apiVersion: 'v1', kind: 'Service', namespace: 'shop', name: 'web' }

async function installed(): Promise<Scenario> {
  const here = scenario()
  await canaryDeploy(inputs(first), here.ports)
  here.settle()
  expect(here.violations).toEqual([])
  return here
}

/** A run's write of the Service's selector. */
const select = ({ cluster }: Scenario, value: Record<string, string>) =>
  cluster.patch<Service>(service, [{ op: 'replace', path: '/spec/selector', value }])

/** A pod of another workload behind the same Service. */
function withNeighbour({ cluster }: Scenario): void {
  const [pod] = cluster.all<Pod>('Pod')
  if (pod === undefined) throw new Error('there is no pod')
  const metadata = { name: 'legacy-0', namespace: 'shop', labels: { app: 'web' } }
  cluster.put({ ...pod, metadata })
}

describe('who is served', () => {
  test('may not lose a pod of another workload by a write of a run', async () => {
    const here = await installed()
    withNeighbour(here)
    const hash = here.cluster.all<Pod>('Pod')[0]?.metadata.labels?.['pod-template-hash'] ?? ''
    await select(here, { app: 'web', 'pod-template-hash': hash })
    expect(here.unserved).toContain(
      'a write of a run cut off the pod legacy-0 of another workload (modified Service web)',
    )
  })

  test('may not become fewer by a write of a run', async () => {
    const here = await installed()
    await select(here, { app: 'web', 'pod-template-hash': 'another' })
    expect(here.unserved).toEqual([
      'a write of a run left 0 ready pods of 3 behind the Service web (modified Service web)',
    ])
  })

  test('may not come to none by what follows from a write, but by other people alone', async () => {
    const scale = ({ cluster, settle }: Scenario) => {
      const [web] = cluster.all<Deployment>('Deployment')
      if (web !== undefined) cluster.put<Deployment>({ ...web, spec: { ...web.spec, replicas: 0 } })
      settle()
    }
    const [here, other] = [await installed(), await installed()]
    scale(here)
    expect(here.unserved).toContainEqual(
      expect.stringMatching(/^the Service web selects no ready pod any more/),
    )
    other.isDisturbed = true
    scale(other)
    expect(other.unserved).toEqual([])
  })
})

describe('a request is lost', () => {
  const emptied = async (here: Scenario) => select(here, { app: 'nobody' })

  test('while its Service has no pod, for as long as that lasts', async () => {
    const here = await installed()
    await emptied(here)
    expect(here.losses()).toMatchObject({ seconds: 0, now: 1 })
    await here.clock.sleep(3000)
    await select(here, { app: 'web' })
    await here.clock.sleep(3000)
    expect(here.losses()).toEqual({
      seconds: 3,
      requests: 3,
      now: 0,
      first: '100% of the requests after (modified Service web)',
    })
  })

  test('not where it is mended in the same instant', async () => {
    const here = await installed()
    await emptied(here)
    await select(here, { app: 'web' })
    await here.clock.sleep(3000)
    expect(here.losses()).toMatchObject({ seconds: 0, now: 0, first: null })
  })

  test('by its share where a part of the weights leads to a Service that is not there', async () => {
    const here = await installed()
    const route = {
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: 'HTTPRoute',
      namespace: 'shop',
      name: 'web',
    }
    const backendRefs = [
      { name: 'web', port: 80, weight: 75 },
      { name: 'web-canary', port: 80, weight: 25 },
    ]
    await here.cluster.patch(route, [
      { op: 'replace', path: '/spec/rules/0/backendRefs', value: backendRefs },
    ])
    await here.clock.sleep(4000)
    expect(here.losses()).toMatchObject({ seconds: 4, requests: 1, now: 0.25 })
  })
})
