import type { KubeObject, Permission } from '@alt-las/kubernetes'
import { type Plan, checkConfigs, missingConfigs } from '@alt-las/rollout'
import type { RouterKind } from '@alt-las/routers'
import type { DeployInputs } from '../operation.ts'
import { neededPermissions } from '../permissions/permissions.ts'
import { planPermissions } from '../permissions/plan-permissions.ts'
import type { Ports } from '../ports.ts'
import { type ChosenRouter, chooseRouter } from './choose-router.ts'
import { findWorkload } from './find-workload.ts'
import { imageToCheck } from '../preflight/unbuilt.ts'
import { type Planned, planDeploy } from './make-plan.ts'

/** A planned target, with what its run needs. */
export interface PlannedTarget extends Pick<Planned, 'plan' | 'others' | 'shared'> {
  readonly router: ChosenRouter
  readonly needed: readonly Permission[]
}

/** The plan of one target, from its manifests and the cluster's routes; only reads. Throws Failures of fault input. */
export async function planTarget(
  inputs: DeployInputs,
  ports: Ports,
  part: Pick<Plan, 'targets' | 'needs'> = {},
): Promise<PlannedTarget> {
  const objects = await ports.readManifests(inputs.manifests)
  // Without a workload there is no route to find.
  const image = imageToCheck(inputs.image, findWorkload(objects, inputs), inputs.container)
  const router = await chooseRouter(inputs, objects, ports.cluster)
  ports.log.line(router.because)
  const { plan, others, shared, kept } = planDeploy({ ...inputs, image }, objects, {
    release: inputs.release ?? ports.refName,
    router: router.kind,
    before: inputs.preDeployJob.length === 0 ? [] : await ports.readManifests(inputs.preDeployJob),
  })
  for (const one of kept)
    ports.log.line(`container ${one.name} keeps ${one.image}: it is of another repository than ${image}`)
  const needed = permissionsOf(inputs, others, router.kind)
  return {
    plan: { ...plan, ...part },
    others,
    shared,
    router,
    needed: [...needed, ...planPermissions(plan)],
  }
}

const permissionsOf = (
  { namespace, source }: DeployInputs,
  others: readonly KubeObject[],
  router: RouterKind,
): readonly Permission[] => neededPermissions(namespace, others, source.metricsUrl, [router])

/** The objects to apply beside the workload: with the configuration that it shares with others, where that does not exist yet. */
export async function objectsBeside(
  { plan, others, shared }: Pick<PlannedTarget, 'plan' | 'others' | 'shared'>,
  { cluster }: Pick<Ports, 'cluster'>,
): Promise<readonly KubeObject[]> {
  await checkConfigs(plan, others, cluster)
  return [...others, ...(await missingConfigs(shared, cluster))]
}
