import type { Inputs } from './inputs.ts'
import { planDeploy } from './make-plan.ts'
import { outcomeOf, type CanaryOutcome } from './outcome.ts'
import { neededPermissions, requirePermissions } from './permissions.ts'
import type { Ports } from './ports.ts'
import { rollBack } from './roll-back.ts'
import { rollOut } from './roll-out.ts'
import { status } from './status.ts'

/** The use case: a digest to traffic, or back. Throws Failures; a bad canary is an outcome. */
export async function canaryDeploy(inputs: Inputs, ports: Ports): Promise<CanaryOutcome> {
  switch (inputs.operation) {
    case 'deploy':
      return deploy(inputs, ports)
    case 'rollback':
      return rollBack(inputs, ports)
    case 'status':
      return status(inputs, ports)
  }
}

async function deploy(inputs: Inputs, ports: Ports): Promise<CanaryOutcome> {
  const objects = await ports.readManifests(inputs.manifests)
  const { plan, others } = planDeploy(inputs, objects, inputs.release || ports.refName)
  await requirePermissions(neededPermissions(inputs.namespace, others, inputs.metricsUrl), ports.cluster)
  return outcomeOf(await rollOut({ plan, others, timeoutMs: inputs.timeout }, ports))
}
