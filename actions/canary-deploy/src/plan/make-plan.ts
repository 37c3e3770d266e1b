import type { KubeObject } from '@alt-las/kubernetes'
import {
  type Config,
  type Plan,
  type WholeRelease,
  type WorkloadKind,
  hash,
  inNamespace,
  versionConfigs,
  strategyOf,
  usualQuietMs,
} from '@alt-las/rollout'
import type { RouterKind } from '@alt-las/routers'
import type { DeployInputs } from '../operation.ts'
import { type Desired, desiredDeployment } from './desired.ts'
import type { SoakTime } from './parse-soak-time.ts'
import { jobFor } from './plan-job.ts'

/** Facts that the inputs leave open. */
export interface Chosen {
  readonly release: string
  readonly router: RouterKind
  /** The objects of the input `before`. */
  readonly before: readonly KubeObject[]
}

/** The plan of `deploy`, and the objects that are applied before it. */
export interface Planned {
  readonly plan: Plan
  readonly others: readonly KubeObject[]
  /** Configuration that other workloads of the manifests use as well: applied first if it does not exist yet. */
  readonly shared: readonly Config[]
  /** Containers of the workload that keep the image of the manifest. */
  readonly kept: Desired['kept']
}

/** Throws Failure `bad-manifests` (fault input) if the manifests lack an object that the inputs name. */
export function planDeploy(
  inputs: DeployInputs,
  objects: readonly KubeObject[],
  { release, router, before }: Chosen,
): Planned {
  const { namespace, deployment, image } = inputs
  const found = desiredDeployment(objects, inputs)
  const { container } = found
  const { desired, configs, others, shared } = versionConfigs(
    found.deployment,
    found.others.map((one) => inNamespace(one, namespace, found.others)),
    namespace,
  )
  const { steps, pauseAtPreview } = inputs.steps
  const { bake, ...judging } = inputs.judging
  const { rollbackWindow } = inputs
  const isStepped = strategyOf(inputs).traffic === 'in-steps'
  const plan: Plan = {
    kind: 'deploy',
    strategy: inputs.strategy,
    workload: desired.kind as WorkloadKind,
    namespace,
    deployment,
    container,
    service: inputs.service ?? '',
    canaryService: inputs.secondService,
    router,
    route: inputs.route,
    release,
    image,
    desired,
    version: hash(desired),
    objects: hash(others),
    configs,
    preDeployJob: jobFor(before, { namespace, image, configs, desired }),
    watchdogImage: inputs.guardImage,
    ramp: isStepped && steps === 'auto' ? 'auto' : 'fixed',
    steps: isStepped && steps !== 'auto' ? steps : [],
    ...(inputs.audience === null ? {} : { audience: inputs.audience }),
    pauseAtPreview,
    judging: {
      ...judging,
      bakeMs: bake.ms,
      ...(isUsual(bake) ? {} : { quietBakeMs: bake.quietMs }),
    },
    rollbackWindowMs: rollbackWindow.ms,
    ...(isUsual(rollbackWindow) ? {} : { quietWindowMs: rollbackWindow.quietMs }),
    readyTimeoutMs: inputs.readyTimeoutMs,
    // Without tests the plan is the one of before, and a rollout that was begun goes on.
    ...(inputs.smoke.length === 0 ? {} : { smoke: inputs.smoke }),
    ...(inputs.onQuiet === 'auto' ? {} : { onQuiet: inputs.onQuiet }),
    ...(inputs.synthetic === null ? {} : { synthetic: inputs.synthetic }),
  }
  return { plan, others, shared, kept: found.kept }
}

/** What a plan that says nothing of it has. */
const isUsual = ({ ms, quietMs }: SoakTime): boolean => quietMs === usualQuietMs(ms)

/** Back to a recorded release: all traffic as soon as its pods are ready. It was judged when it was promoted. */
export function planRollback(last: Plan, to: WholeRelease, readyTimeoutMs: number): Plan {
  const { release, image, version, desired, configs = [] } = to
  return {
    ...withoutDeploy(last),
    kind: 'rollback',
    workload: desired.kind as WorkloadKind,
    release,
    image,
    version,
    desired,
    configs,
    objects: hash([]),
    preDeployJob: null,
    ramp: 'fixed',
    steps: [],
    pauseAtPreview: false,
    rollbackWindowMs: 0,
    readyTimeoutMs,
  }
}

/** A release to return to was tested and judged when it was deployed, and it goes back by itself. */
const withoutDeploy = (plan: Plan): Plan =>
  Object.fromEntries(Object.entries(plan).filter(([key]) => !ofDeploy.has(key))) as unknown as Plan

const ofDeploy: ReadonlySet<string> = new Set(['smoke', 'audience', 'targets', 'needs', 'quietWindowMs'])
