import type { ConfigMap, KubeObject } from '@alt-las/kubernetes'
import { manifests, v1, v2 } from '../../../../packages/rollout/testing/manifests.ts'
import { canaryDeploy } from '../canary-deploy.ts'
import type { Given } from '../given.ts'
import { type Inputs, deploy, releaseOf } from '../operation.ts'
import type { CanaryOutcome } from '../outcome.ts'
import type { Ports } from '../ports.ts'
import { inOrderOfNeeds } from '../targets/order.ts'
import { given } from './inputs.ts'
import { type Habits, type Scenario, scenario } from './scenario.ts'

/** A target of a test's release. */
export interface Target {
  readonly name: string
  readonly needs?: readonly string[]
  readonly with?: Partial<Given>
}

/** The usual manifests under another name. */
export const manifestsOf = (name: string, replicas = 3): readonly KubeObject[] =>
  JSON.parse(
    JSON.stringify(manifests())
      .replaceAll('"web"', `"${name}"`)
      .replaceAll('/web"', `/${name}"`)
      .replaceAll('"replicas":3', `"replicas":${replicas}`),
  ) as readonly KubeObject[]

export const imageOf = (name: string, image: string): string => image.replace('/web@', `/${name}@`)

/** A cluster with room for these targets; the invariants are checked for each of them after every single write. */
export function severalScenario(targets: readonly Target[], habits: Habits = {}): Scenario {
  return scenario({ ...habits, services: targets.map(({ name }) => name) })
}

const steps = { pauseAtPreview: false, steps: [{ weight: 50, holdMs: 5000 }] }

/** `deploy` of these targets as one release. */
export function releaseInputs(
  targets: readonly Target[],
  release: string,
  image: string,
  more: Partial<Given> = {},
): Inputs {
  const whole = given({ release, steps, ...more })
  const read = targets.map(({ name, needs = [], with: own = {} }) => ({
    ...deploy({
      ...whole,
      deployment: name,
      image: imageOf(name, image),
      manifests: [name],
      ...own,
    }),
    needs,
  }))
  return releaseOf(whole, inOrderOfNeeds(read))
}

/** The usual runner's ports, with the manifests of each target by its name. */
export const severalPorts = (here: Scenario, ports: Ports = here.ports, replicas = 3): Ports => ({
  ...ports,
  readManifests: (paths) => Promise.resolve(paths.flatMap((name) => manifestsOf(name, replicas))),
})

/** Releases r1 with the first image, then r2 with the second one; what happens between comes from the scenario. */
export async function released(
  here: Scenario,
  targets: readonly Target[],
  more: Partial<Given> = {},
): Promise<CanaryOutcome> {
  await canaryDeploy(releaseInputs(targets, 'r1', v1), severalPorts(here))
  here.settle()
  return canaryDeploy(
    releaseInputs(targets, 'r2', v2, more),
    severalPorts(here, here.runner('ALT-LAS/web/2/1')),
  )
}

/** The image that each target runs, by its Deployment. */
export const running = (here: Scenario, targets: readonly Target[]): readonly string[] =>
  targets.map(
    ({ name }) =>
      here.peek<KubeObject & { spec: { template: { spec: { containers: { image: string }[] } } } }>(
        'Deployment',
        name,
        'apps/v1',
      )?.spec.template.spec.containers[0]?.image ?? '',
  )

/** The saved phase of each target. */
export const phases = (here: Scenario, targets: readonly Target[]): readonly (string | undefined)[] =>
  targets.map(({ name }) => here.peek<ConfigMap>('ConfigMap', `alt-las-rollout-${name}`)?.data?.['phase'])
