import { Failure } from '@alt-las/failure'
import type { ConfigMap, Deployment, HTTPRoute, KubeObject, Service } from '@alt-las/kubernetes'
import type { Lane, Simulation, Snapshot } from '@alt-las/testing'
import { canaryDeploy } from '../../canary-deploy.ts'
import type { Inputs } from '../../inputs.ts'
import { inputs, v1, v2 } from '../lab.ts'
import { town, type Habits, type Town } from './town.ts'

/** One operation, what was there before it, and how its images behave. */
export interface Story {
  readonly name: string
  /** Runs that were there before, in their order. */
  readonly before: readonly Partial<Inputs>[]
  readonly inputs: Partial<Inputs>
  readonly habits: Habits
  /** An operation whose end is as good where a fault ended this one: what was taken back cannot be promoted any more. */
  readonly orElse?: Partial<Inputs>
}

const steps = {
  pauseAtPreview: false,
  steps: [
    { weight: 10, holdMs: 5000 },
    { weight: 50, holdMs: 5000 },
  ],
}
const quick: Partial<Inputs> = { steps }
const first = { ...quick, image: v1, release: 'r1' }
const second = { ...quick, image: v2, release: 'r2' }
const paused = {
  ...second,
  steps: { ...steps, steps: [{ weight: 50, holdMs: 5000, pause: true as const }] },
}
const blueGreen = {
  ...second,
  strategy: 'blue-green' as const,
  router: 'auto' as const,
  bake: 5000,
  rollbackWindow: 10_000,
}
const rolling = { ...second, strategy: 'rolling' as const, router: 'auto' as const }
const bare = { image: '', release: '' }

export const stories: readonly Story[] = [
  { name: 'first installation', before: [], inputs: first, habits: {} },
  { name: 'canary', before: [first], inputs: second, habits: {} },
  { name: 'canary that fails', before: [first], inputs: second, habits: { errors: { [v2]: 0.5 } } },
  { name: 'canary that crashes', before: [first], inputs: second, habits: { behaviours: { [v2]: 'crash' } } },
  { name: 'blue-green', before: [first], inputs: blueGreen, habits: {} },
  { name: 'blue-green that fails', before: [first], inputs: blueGreen, habits: { errors: { [v2]: 0.5 } } },
  { name: 'rolling', before: [first], inputs: rolling, habits: {} },
  {
    name: 'rolling that crashes',
    before: [first],
    inputs: rolling,
    habits: { behaviours: { [v2]: 'crash' } },
  },
  {
    name: 'promote',
    before: [first, paused],
    inputs: { ...bare, operation: 'promote' },
    orElse: { ...bare, operation: 'abort' },
    habits: {},
  },
  { name: 'abort', before: [first, paused], inputs: { ...bare, operation: 'abort' }, habits: {} },
  { name: 'rollback', before: [first, second], inputs: { ...bare, operation: 'rollback' }, habits: {} },
]

/** The world before the story's own operation. */
export async function opening({ before, habits }: Story): Promise<Snapshot> {
  const here = town(habits)
  for (const [index, one] of before.entries()) {
    const lane = { cluster: here.simulation.cluster, clock: here.simulation.clock }
    await canaryDeploy(inputs(one), here.ports(`earlier/${String(index)}/1`, lane))
    here.simulation.settle()
  }
  return here.simulation.snapshot()
}

/** The story's operation by a runner of that name. */
export async function operate(
  { inputs: given }: Story,
  here: Town,
  { holder, lane }: { readonly holder: string; readonly lane: Pick<Lane, 'cluster' | 'clock'> },
): Promise<void> {
  await canaryDeploy(inputs(given), here.ports(holder, lane))
}

/** What a second run says when there is nothing left to do: the first one had finished, or had undone it. */
export const isNothingLeft = (error: unknown): boolean =>
  error instanceof Failure && error.code === 'no-release'

/** All that a user would see afterwards. */
export function ending({ cluster }: Simulation): unknown {
  const bare = ({ metadata }: KubeObject) => [
    metadata.name,
    metadata.annotations ?? {},
    metadata.labels ?? {},
  ]
  return {
    workloads: cluster
      .all<Deployment>('Deployment')
      .map((one) => [one.metadata.name, one.spec.template, one.spec.replicas]),
    services: cluster.all<Service>('Service').map((one) => [...bare(one), one.spec.selector]),
    routes: cluster.all<HTTPRoute>('HTTPRoute').map((one) => [...bare(one), one.spec.rules]),
    pods: cluster.all('Pod').map((one) => [one.metadata.labels]).length,
    others: ['Job', 'Secret', 'HorizontalPodAutoscaler', 'ServiceAccount', 'Role', 'RoleBinding'].map(
      (kind) => cluster.all(kind).map(({ metadata }) => metadata.name),
    ),
    phase: cluster
      .all<ConfigMap>('ConfigMap')
      .map(({ metadata, data }) => [metadata.name, data?.['phase'] ?? data]),
  }
}
