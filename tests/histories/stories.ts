import { Failure } from '@alt-las/failure'
import type { ConfigMap, Deployment, KubeObject, Service } from '@alt-las/kubernetes'
import type { Lane, Simulation, Snapshot } from '@alt-las/simulated-cluster'
import { canaryDeploy } from '../../actions/canary-deploy/src/canary-deploy.ts'
import { v1, v2 } from '../../packages/rollout/testing/manifests.ts'
import { routerStories } from './router-stories.ts'
import { quietStories } from './quiet-stories.ts'
import { smokeStories } from './smoke-stories.ts'
import { type Story, audience, bare, first, paused, second } from './story.ts'
import { inputs } from '../../actions/canary-deploy/src/testing/inputs.ts'
import { type Scenario, scenario } from '../../actions/canary-deploy/src/testing/scenario.ts'

export type { Story } from './story.ts'
import { always } from '../../actions/canary-deploy/src/plan/parse-soak-time.ts'

const blueGreen = {
  ...second,
  strategy: 'blue-green' as const,
  router: 'auto' as const,
  bake: always(5000),
  rollbackWindow: always(10_000),
}
const watched = { ...second, rollbackWindow: always(60_000) }
const rolling = { ...second, strategy: 'rolling' as const, router: 'auto' as const }

export const stories: readonly Story[] = [
  { name: 'first installation', before: [], inputs: first, habits: {} },
  { name: 'canary', before: [first], inputs: second, habits: {} },
  { name: 'canary that fails', before: [first], inputs: second, habits: { errors: { [v2]: 0.5 } } },
  { name: 'canary that crashes', before: [first], inputs: second, habits: { behaviours: { [v2]: 'crash' } } },
  { name: 'audience', before: [first], inputs: { ...second, audience }, habits: {} },
  {
    name: 'audience that fails',
    before: [first],
    inputs: { ...second, audience },
    habits: { errors: { [v2]: 0.5 } },
  },
  {
    name: 'canary whose pods die under traffic',
    before: [first],
    inputs: second,
    habits: { behaviours: { [v2]: 'dies' } },
  },
  { name: 'blue-green', before: [first], inputs: blueGreen, habits: {} },
  { name: 'blue-green that fails', before: [first], inputs: blueGreen, habits: { errors: { [v2]: 0.5 } } },
  {
    name: 'canary with a late fault',
    before: [first],
    inputs: watched,
    habits: { lateErrors: { [v2]: 0.5 } },
  },
  {
    name: 'canary with a late incident of both versions',
    before: [first],
    inputs: watched,
    habits: { lateErrors: { [v1]: 0.5, [v2]: 0.5 } },
  },
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
  ...routerStories,
  ...smokeStories,
  ...quietStories,
]

/** The world before the story's own operation. */
export async function opening({ before, habits }: Story): Promise<Snapshot> {
  const here = scenario(habits)
  for (const [index, one] of before.entries()) {
    const lane = { cluster: here.cluster, clock: here.clock }
    await canaryDeploy(inputs(one), here.runner(`earlier/${index}/1`, lane))
    here.settle()
  }
  return here.snapshot()
}

/** The story's operation by a runner of that name. */
export async function operate(
  { inputs: given }: Story,
  here: Scenario,
  { holder, lane }: { readonly holder: string; readonly lane: Pick<Lane, 'cluster' | 'clock'> },
): Promise<void> {
  await canaryDeploy(inputs(given), here.runner(holder, lane))
}

/** What a second run says when there is nothing left to do: the first one had finished, or had undone it. */
export const isNothingLeft = (error: unknown): boolean =>
  error instanceof Failure && error.code === 'no-release'

interface Routed extends KubeObject {
  readonly spec: unknown
}

/** All that a user would see afterwards. */
export function ending({ cluster }: Simulation): unknown {
  const labelled = ({ metadata }: KubeObject) => [
    metadata.name,
    metadata.annotations ?? {},
    metadata.labels ?? {},
  ]
  return {
    workloads: cluster
      .all<Deployment>('Deployment')
      .map((one) => [one.metadata.name, one.spec.template, one.spec.replicas]),
    services: cluster.all<Service>('Service').map((one) => [...labelled(one), one.spec.selector]),
    routes: ['HTTPRoute', 'IngressRoute', 'TraefikService', 'VirtualService'].flatMap((kind) =>
      cluster.all<Routed>(kind).map((one) => [...labelled(one), one.spec]),
    ),
    pods: cluster.all('Pod').map((one) => [one.metadata.labels]).length,
    others: ['Job', 'Secret', 'HorizontalPodAutoscaler', 'ServiceAccount', 'Role', 'RoleBinding'].map(
      (kind) => cluster.all(kind).map(({ metadata }) => metadata.name),
    ),
    phase: cluster
      .all<ConfigMap>('ConfigMap')
      .map(({ metadata, data }) => [metadata.name, data?.['phase'] ?? data]),
  }
}
