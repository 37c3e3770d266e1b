import { checkConfigs, missingConfigs, rollOut } from '@alt-las/rollout'
import type { RouterKind } from '@alt-las/routers'
import type { KubeObject } from '@alt-las/kubernetes'
import type { DeployInputs, Inputs } from './operation.ts'
import { dryRun } from './operations/dry-run.ts'
import { promoteOrAbort } from './operations/promote-or-abort.ts'
import { rolloutPorts } from './operations/rollout-ports.ts'
import { rollBack } from './operations/roll-back.ts'
import { status } from './operations/status.ts'
import { outcomeOf, resultFor, type CanaryOutcome } from './outcome.ts'
import { neededPermissions, requirePermissions } from './permissions/permissions.ts'
import { planPermissions } from './permissions/plan-permissions.ts'
import { findWorkload } from './plan/find-workload.ts'
import { planDeploy } from './plan/make-plan.ts'
import type { Ports } from './ports.ts'
import { chooseRouter } from './plan/choose-router.ts'

/** The use case: brings a digest to traffic, or back. Throws Failures; a bad canary is an outcome. */
export async function canaryDeploy(inputs: Inputs, ports: Ports): Promise<CanaryOutcome> {
  switch (inputs.operation) {
    case 'deploy':
      return deploy(inputs, ports)
    case 'promote':
    case 'abort':
      return promoteOrAbort(inputs, ports)
    case 'rollback':
      return rollBack(inputs, ports)
    case 'status':
      return status(inputs, ports)
  }
}

async function deploy(inputs: DeployInputs, ports: Ports): Promise<CanaryOutcome> {
  const objects = await ports.readManifests(inputs.manifests)
  // Without a workload there is no route to find.
  findWorkload(objects, inputs)
  const router = await chooseRouter(inputs, objects, ports.cluster)
  ports.log.line(router.because)
  const outcome = await deployBy(router.kind, inputs, { objects, ports })
  return { ...outcome, router: router.because, evidence: { ...outcome.evidence, router } }
}

async function deployBy(
  router: RouterKind,
  inputs: DeployInputs,
  { objects, ports }: { readonly objects: readonly KubeObject[]; readonly ports: Ports },
): Promise<CanaryOutcome> {
  const { plan, others, shared, kept } = planDeploy(inputs, objects, {
    release: inputs.release ?? ports.refName,
    router,
    before: inputs.preDeployJob.length === 0 ? [] : await ports.readManifests(inputs.preDeployJob),
  })
  for (const one of kept)
    ports.log.line(
      `container ${one.name} keeps ${one.image}: it is of another repository than ${inputs.image}`,
    )
  const needed = [
    ...neededPermissions(inputs.namespace, others, inputs.source.metricsUrl, [router]),
    ...planPermissions(plan),
  ]
  if (!inputs.dryRun) await requirePermissions(needed, ports.cluster)
  await checkConfigs(plan, others, ports.cluster)
  const all = [...others, ...(await missingConfigs(shared, ports.cluster))]
  if (inputs.dryRun) return dryRun('deploy', [{ plan, others: all, needed }], ports)
  const work = { plan, others: all, timeoutMs: inputs.timeoutMs }
  return outcomeOf('deploy', resultFor(plan, await rollOut(work, rolloutPorts(ports))))
}
