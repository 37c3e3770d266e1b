import { describe as told } from '@alt-las/failure'
import type { Deployment, KubeObject, Service } from '@alt-las/kubernetes'
import { expect } from '@jest/globals'
import { manifests, v1, v2 } from '../../../../packages/rollout/testing/manifests.ts'
import { canaryDeploy } from '../canary-deploy.ts'
import type { Given } from '../given.ts'
import { inputs } from './inputs.ts'
import { type Scenario, scenario } from './scenario.ts'

/** A first release, what happens in the cluster, and a second release. */
export interface Case {
  readonly first?: Changes
  readonly prepare?: (here: Scenario) => void
  readonly second?: Changes
  readonly with?: Partial<Given>
  readonly says: readonly string[]
}

/** The second release is refused before its first write, with these words, and the forecast says the same. */
export async function expectRefusal(one: Case): Promise<void> {
  const here = await prepared(one)
  const writes = here.cluster.writes().length
  const message = await deployed(here, one.second, one.with)
  for (const part of one.says) expect(message).toContain(part)
  expect(here.cluster.writes()).toHaveLength(writes)
  const forecast = await deployed(here, one.second, { ...one.with, dryRun: true })
  for (const part of one.says) expect(forecast).toContain(part)
}

export async function expectPromotion(one: Case): Promise<void> {
  const here = await prepared(one)
  const message = await deployed(here, one.second, one.with)
  expect(message).toContain('promoted')
  for (const part of one.says) expect(message).toContain(part)
  expect(here.violations).toEqual([])
}

async function prepared({ first, prepare }: Case): Promise<Scenario> {
  const here = scenario()
  await deployed(here, first, { image: v1, release: 'v1' })
  here.settle()
  prepare?.(here)
  here.settle()
  return here
}

/** What the run says in the end: its outcome, or its error with the remedy. */
function deployed(here: Scenario, changes?: Changes, overrides: Partial<Given> = {}): Promise<string> {
  const ports = { ...here.ports, readManifests: () => Promise.resolve(files(changes)) }
  const asked = inputs({ image: v2, release: 'v2', ...overrides })
  return canaryDeploy(asked, ports).then(
    ({ because, targets }) => `${targets[0]?.verdict ?? ''}: ${because}`,
    told,
  )
}

type Files = readonly KubeObject[]

/** The repository's files with a change of the Deployment, of the Service, or with more objects. */
function files({ deployment, service, more = [] }: Changes = {}): Files {
  const changed = manifests().map((one) => {
    if (one.kind === 'Deployment') return { ...one, spec: merged((one as Deployment).spec, deployment) }
    if (one.kind === 'Service') return { ...one, spec: merged((one as Service).spec, service) }
    return one
  })
  return [...changed, ...more] as unknown as Files
}

export interface Changes {
  readonly deployment?: object
  readonly service?: object
  readonly more?: readonly object[]
}

/** Lists and plain values are replaced, objects are merged. */
function merged(one: object, other: object = {}): object {
  const entries = Object.entries(other).map(([key, value]: [string, unknown]) => {
    const was = (one as Record<string, unknown>)[key]
    const both = isObject(was) && isObject(value)
    return [key, both ? merged(was, value) : value]
  })
  return { ...one, ...Object.fromEntries(entries) } as object
}

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export const put = (...objects: readonly object[]) => {
  return ({ cluster }: Scenario): void => {
    for (const one of objects) cluster.put(one as KubeObject)
  }
}

/** Two pods of another Deployment that the Service selects as well. */
export const foreign = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'worker', namespace: 'shop' },
  spec: {
    replicas: 2,
    selector: { matchLabels: { app: 'web', part: 'worker' } },
    template: {
      metadata: { labels: { app: 'web', part: 'worker' } },
      spec: { containers: [{ name: 'web', image: 'worker' }] },
    },
  },
}
