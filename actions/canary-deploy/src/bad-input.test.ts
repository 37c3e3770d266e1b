import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe as told } from '@alt-las/failure'
import { type KubeObject, readManifests } from '@alt-las/kubernetes'
import { readerFor } from '@alt-las/testing'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { manifests, v1, v2 } from '../../../packages/rollout/testing/manifests.ts'
import { canaryDeploy } from './canary-deploy.ts'
import { parse } from './inputs.ts'
import { type Scenario, scenario } from './testing/scenario.ts'

const named = { imageAt: String, smokeAt: () => [] }
const actionYml = new URL('../action.yml', import.meta.url)
let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bad-input-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

interface Bad {
  readonly with?: Readonly<Record<string, string>>
  /** What the files hold instead of a Deployment, a Service and a route. */
  readonly objects?: readonly object[]
  readonly before?: readonly object[]
  readonly prepare?: (here: Scenario) => void
  /** Every one of these is in the one message. */
  readonly says: readonly string[]
}

const [deployment, service, route] = manifests() as readonly [KubeObject, KubeObject, KubeObject]
const changed = (change: (copy: Loose) => void): readonly object[] => {
  const copy = structuredClone(deployment) as unknown as Loose
  change(copy)
  return [copy, service, route]
}
interface Loose {
  kind: string
  metadata: { namespace?: string; name: string }
  spec: {
    paused?: boolean
    updateStrategy?: object
    selector: { matchLabels: Record<string, string> }
    template: { spec: { containers: { name: string; image?: string }[] } }
  }
}
const set = (kind: string, updateStrategy: object = {}) =>
  changed((one) => {
    one.kind = kind
    one.spec.updateStrategy = updateStrategy
  })
const job = {
  apiVersion: 'batch/v1',
  kind: 'Job',
  metadata: { name: 'migrate' },
  spec: { template: { spec: { containers: [{ name: 'web' }], restartPolicy: 'Never' } } },
}

const bad: Readonly<Record<string, Bad>> = {
  'an image by tag': {
    with: { image: 'ghcr.io/alt-las/web:v2' },
    says: ['image: got "ghcr.io/alt-las/web:v2"', 'expected repository@sha256:', 'a tag can be moved'],
  },
  'a guard image by tag': {
    with: { 'guard-image': 'ghcr.io/alt-las/guard:v1' },
    says: ['guard-image: got "ghcr.io/alt-las/guard:v1"', 'expected repository@sha256:'],
  },
  'steps that are none': {
    with: { steps: 'half' },
    says: ['steps: got "half"', 'expected', 'such as 10%:30s'],
  },
  'steps that shrink': {
    with: { steps: '50%, 10%' },
    says: ['steps: got 10% after 50%', 'expected weights that grow'],
  },
  'several at once': {
    with: { image: '', steps: '0%', risk: '2' },
    says: ['3 inputs are wrong', '- image: is required, got nothing', '- steps: ', '- risk: '],
  },
  'a container that is not there': {
    with: { container: 'api' },
    says: ['Deployment shop/web has no container api', 'name one of web in `container`'],
  },
  'two containers and no name': {
    objects: changed((one) => void one.spec.template.spec.containers.push({ name: 'proxy' })),
    says: ['Deployment shop/web has 2 containers', 'name one of web, proxy in `container`'],
  },
  'manifests without the workload': {
    objects: [service, route],
    says: [
      'the manifests contain no Deployment shop/web, they contain no workload',
      'add the workload to `manifests`',
    ],
  },
  'a workload in another namespace': {
    with: { namespace: 'shopping' },
    says: [
      'no Deployment shopping/web',
      'they contain Deployment shop/web',
      'use the same namespace in `namespace` and in the manifest',
    ],
  },
  'two documents of one object': {
    objects: [deployment, service, route, service],
    says: ['Service web is already in', 'objects.json:1'],
  },
  'a document that is no object': {
    objects: [deployment, { kind: 'Service' }],
    says: ['apiVersion is missing'],
  },
  'files that are not there': {
    with: { manifests: 'nowhere' },
    says: ['nowhere:1: there is no such file or directory'],
  },
  'a Deployment that is paused': {
    objects: changed((one) => void (one.spec.paused = true)),
    says: ['Deployment shop/web is paused', 'leave spec.paused out'],
  },
  'a selector that misses its own pods': {
    objects: changed((one) => void (one.spec.selector.matchLabels = { app: 'other' })),
    says: ['selects pods by app=other, which its own template does not have'],
  },
  'a StatefulSet as a canary': {
    objects: set('StatefulSet'),
    says: ['StatefulSet shop/web cannot be rolled out by strategy canary', 'use `strategy: rolling`'],
  },
  'a DaemonSet as blue-green': {
    with: { strategy: 'blue-green' },
    objects: set('DaemonSet'),
    says: ['DaemonSet shop/web cannot be rolled out by strategy blue-green', 'use `strategy: rolling`'],
  },
  'a StatefulSet that never replaces a pod': {
    with: { strategy: 'rolling' },
    objects: set('StatefulSet', { type: 'OnDelete' }),
    says: ['updateStrategy OnDelete', 'use updateStrategy RollingUpdate'],
  },
  'a StatefulSet with a partition': {
    with: { strategy: 'rolling' },
    objects: set('StatefulSet', { rollingUpdate: { partition: 2 } }),
    says: ['keeps its pods below number 2 on the old version', 'partition out'],
  },
  'a route that sends elsewhere': {
    objects: [deployment, service],
    prepare: ({ cluster }) => {
      cluster.drop({
        apiVersion: 'gateway.networking.k8s.io/v1',
        kind: 'HTTPRoute',
        namespace: 'shop',
        name: 'web',
      })
    },
    says: ['no HTTPRoute', 'in shop sends to the Service web', 'add'],
  },
  'a named route that is not there': {
    with: { router: 'gateway-api', route: 'other' },
    says: ['no HTTPRoute in shop sends to the Service web by other'],
  },
  'a Service that is not there': {
    with: { service: 'web2', router: 'replicas' },
    says: ['there is no Service shop/web2', 'name it in `service`'],
  },
  'a weight that the pods cannot make': {
    with: { router: 'replicas', steps: '10%:10s' },
    says: ['10% is not possible with 3 stable pods', 'begin with 25% or more'],
  },
  'a verb that is forbidden': {
    prepare: ({ cluster }) => {
      cluster.deny({ verb: 'patch', resource: 'httproutes' })
    },
    says: [
      'lack 1 permissions, nothing was changed',
      'patch httproutes.gateway.networking.k8s.io in shop',
      'the Role in the README',
    ],
  },
  'a `before` that is no Job': {
    with: { before: 'before.json' },
    before: [service],
    says: ['Job', 'Service'],
  },
  'two Jobs in `before`': {
    with: { before: 'before.json' },
    before: [job, { ...job, metadata: { name: 'second' } }],
    says: ['Job'],
  },
}

describe('bad input is one clear error, and nothing is written', () => {
  test.each(Object.entries(bad))('%s', async (_name, one) => {
    const here = scenario()
    await installed(here)
    one.prepare?.(here)
    const writes = here.cluster.writes().length
    const message = await failing(here, one)
    for (const part of one.says) expect(message).toContain(part)
    expect(here.cluster.writes()).toHaveLength(writes)
  })
})

const given = {
  namespace: 'shop',
  deployment: 'web',
  image: v2,
  manifests: 'objects.json',
  'metrics-url': 'http://prometheus',
  release: 'v2',
}

async function installed(here: Scenario): Promise<void> {
  await canaryDeploy(parse(readerFor(actionYml, { ...given, image: v1, release: 'v1' }), named), here.ports)
  here.settle()
}

async function failing(here: Scenario, one: Bad): Promise<string> {
  await writeList('objects.json', one.objects ?? manifests())
  await writeList('before.json', one.before ?? [])
  const ports = {
    ...here.ports,
    readManifests: (paths: readonly string[]) => readManifests(paths.map((path) => join(folder, path))),
  }
  const act = async () => canaryDeploy(parse(readerFor(actionYml, { ...given, ...one.with }), named), ports)
  return act().then((outcome) => `no error: ${outcome.because}`, told)
}

const writeList = (name: string, items: readonly object[]) =>
  writeFile(join(folder, name), JSON.stringify({ apiVersion: 'v1', kind: 'List', items }))
