import { describe, expect, test } from '@jest/globals'
import { readFileSync } from 'node:fs'
import { type KubeObject, type Permission } from '@alt-las/kubernetes'
import { readerFor } from '@alt-las/testing'
import { v1 } from '../../../../packages/rollout/testing/manifests.ts'
import { canaryDeploy } from '../canary-deploy.ts'
import { parse } from '../inputs.ts'
import type { CanaryOutcome } from '../outcome.ts'
import type { Ports } from '../ports.ts'
import { summarize } from '../summary/summary.ts'
import { manifestsOf, releaseInputs, severalPorts, severalScenario } from '../testing/several.ts'
import type { Scenario } from '../testing/scenario.ts'

const actionYml = new URL('../../action.yml', import.meta.url)
const two = [{ name: 'web', needs: ['store'] }, { name: 'store' }] as const

/** The preflight of both, as the action's inputs give it: their push-image documents do not exist yet. */
function asked(overrides: Readonly<Record<string, string>> = {}) {
  const targets = two.map(({ name }) => ({
    deployment: name,
    image: `outcomes/${name}/push-image.json`,
    manifests: name,
  }))
  const given = {
    operation: 'preflight',
    namespace: 'shop',
    targets: JSON.stringify(targets),
    'metrics-url': 'http://prometheus',
    ...overrides,
  }
  const unread = (path: string): never => {
    throw new Error(`cannot read ${path}`)
  }
  return parse(
    readerFor(actionYml, given),
    { imageAt: unread, smokeAt: unread },
    { textAt: (path) => readFileSync(path, 'utf8'), imagesAt: unread },
  )
}

async function looked(here: Scenario, ports: Partial<Ports> = {}): Promise<CanaryOutcome> {
  const writes = here.cluster.writes().length
  const outcome = await canaryDeploy(asked(), { ...severalPorts(here), ...ports })
  expect(here.cluster.writes()).toHaveLength(writes)
  return outcome
}

async function serving(): Promise<Scenario> {
  const here = severalScenario(two)
  await canaryDeploy(releaseInputs(two, 'r1', v1), severalPorts(here))
  here.settle()
  return here
}

describe('preflight', () => {
  test('passes where nothing is missing, though no image of the release exists', async () => {
    const outcome = await looked(await serving())
    expect(outcome).toMatchObject({ kind: 'passed', problems: [], targets: [] })
    expect(outcome.because).toBe('nothing is missing for a release of web, store to shop')
    expect(summarize(outcome).title).toBe('canary-deploy: preflight, nothing is missing')
  })

  test('passes before a first installation too', async () => {
    expect(await looked(severalScenario(two))).toMatchObject({ kind: 'passed' })
  })

  test('takes one target without `targets`, and needs no image for it', () => {
    const inputs = asked({ targets: '', deployment: 'web', manifests: 'web' })
    expect(inputs).toMatchObject({ operation: 'preflight', targets: [{ deployment: 'web', needs: [] }] })
    expect(() => asked({ targets: '', deployment: 'web' })).toThrow('manifests: is required')
  })

  test('names each missing permission of the rollout and of its verification', async () => {
    const here = await serving()
    const lacks = new Set(['create pods', 'get httproutes', 'patch httproutes'])
    const cluster = {
      ...here.ports.cluster,
      may: (permissions: readonly Permission[]) =>
        Promise.resolve(
          permissions
            .filter(({ verb, resource }) => lacks.has(`${verb} ${resource}`))
            .map((one) => ({ ...one, because: '' })),
        ),
    }
    const { kind, problems = [] } = await looked(here, { cluster })
    expect(kind).toBe('refused')
    expect(problems).toHaveLength(2)
    expect(problems.join()).toContain(
      'permission missing: get, patch httproutes.gateway.networking.k8s.io in shop',
    )
    for (const one of problems)
      expect(one).toMatch(/^permission missing: .* in shop: bind the deployer's role/)
  })

  test('names a Secret that is missing, and how to make it', async () => {
    const here = await serving()
    const withPull = (one: KubeObject): KubeObject =>
      one.kind === 'Deployment' ? { ...one, ...{ note: { imagePullSecrets: [{ name: 'pull' }] } } } : one
    const ports = {
      exists: () => Promise.resolve(false),
      readManifests: (paths: readonly string[]) =>
        Promise.resolve(paths.flatMap((name) => manifestsOf(name).map(withPull))),
    }
    const { problems } = await looked(here, ports)
    expect(problems?.[0]).toContain('Secret shop/pull does not exist')
    expect(problems?.[0]).toContain('kubectl create secret docker-registry pull --namespace shop')
    const unknown = await looked(here, { ...ports, exists: () => Promise.resolve(null) })
    expect(unknown.problems).toEqual([])
  })

  test('names metrics that cannot be read', async () => {
    const here = await serving()
    const because = 'the query of metrics is refused'
    const blind = { kind: 'blind', lasting: true, because } as const
    const scrapes = { ...here.ports.scrapes, next: () => Promise.resolve(blind) }
    const { kind, problems = [] } = await looked(here, { scrapes, scrapesOf: () => scrapes })
    expect(kind).toBe('refused')
    expect(problems).toHaveLength(2)
    for (const one of problems) expect(one).toMatch(/could not be judged: .*refused; .*check metrics-url/)
  })

  test('names manifests that hold no such workload, and the namespace in doubt', async () => {
    const { problems } = await looked(await serving(), { readManifests: () => Promise.resolve([]) })
    expect(problems).toHaveLength(1)
    expect(problems?.[0]).toContain('web: the manifests contain no Deployment')
    expect(problems?.[0]).toContain('is shop the right namespace')
  })
})
