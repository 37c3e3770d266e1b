import type { KubeObject } from '@alt-las/kubernetes'
import { desiredDeployment, isTarget } from './desired.ts'
import type { Inputs } from './inputs.ts'
import { inNamespace } from './objects.ts'
import { hash, type Plan } from './plan.ts'
import type { Release } from './releases.ts'

/** The plan of `deploy`, and the objects that are applied before it. */
export interface Planned {
  readonly plan: Plan
  readonly others: readonly KubeObject[]
}

/** Throws Failure `bad-manifests` (fault input) where the manifests do not hold what the inputs name. */
export function planDeploy(inputs: Inputs, objects: readonly KubeObject[], release: string): Planned {
  const { namespace, deployment, image } = inputs
  const { deployment: desired, container } = desiredDeployment(objects, inputs)
  const others = objects.filter((one) => !isTarget(one, inputs)).map((one) => inNamespace(one, namespace))
  const service = inputs.service || deployment
  const plan: Plan = {
    kind: 'deploy',
    namespace,
    deployment,
    container,
    service,
    canaryService: inputs.canaryService || `${service}-canary`,
    route: inputs.route || null,
    release,
    image,
    desired,
    version: hash(desired),
    objects: hash(others),
    steps: inputs.steps,
    judging: {
      risk: inputs.risk,
      errorMargin: inputs.errorMargin,
      maxDurationMs: inputs.maxDuration,
      onUndecided: inputs.onUndecided,
    },
    readyTimeoutMs: inputs.readyTimeout,
  }
  return { plan, others }
}

/** Back to a recorded release: all traffic as soon as its pods are ready. It was judged when it was promoted. */
export function planRollback(last: Plan, to: Release, readyTimeoutMs: number): Plan {
  const { release, image, version, desired } = to
  return {
    ...last,
    kind: 'rollback',
    release,
    image,
    version,
    desired,
    objects: hash([]),
    steps: [],
    readyTimeoutMs,
  }
}
