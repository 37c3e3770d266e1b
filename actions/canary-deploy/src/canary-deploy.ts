import type { Inputs } from './inputs.ts'
import { planDeploy } from './make-plan.ts'
import { outcomeOf, type CanaryOutcome } from './outcome.ts'
import { neededPermissions, requirePermissions } from './permissions.ts'
import type { RouterKind } from './plan.ts'
import type { Ports } from './ports.ts'
import { promoteOrAbort } from './promote-or-abort.ts'
import { rollBack } from './roll-back.ts'
import { rollOut } from './roll-out.ts'
import { status } from './status.ts'

/** The use case: a digest to traffic, or back. Throws Failures; a bad canary is an outcome. */
export async function canaryDeploy(inputs: Inputs, ports: Ports): Promise<CanaryOutcome> {
  switch (inputs.operation) {
    case 'deploy':
      return deploy(inputs, ports)
    case 'promote':
    case 'abort':
      return promoteOrAbort(inputs.operation, inputs, ports)
    case 'rollback':
      return rollBack(inputs, ports)
    case 'status':
      return status(inputs, ports)
  }
}

async function deploy(inputs: Inputs, ports: Ports): Promise<CanaryOutcome> {
  const objects = await ports.readManifests(inputs.manifests)
  const { plan, others } = planDeploy(inputs, objects, {
    release: inputs.release || ports.refName,
    router: await chooseRouter(inputs),
    before: null,
  })
  await requirePermissions(neededPermissions(inputs.namespace, others, inputs.metricsUrl), ports.cluster)
  return outcomeOf(await rollOut({ plan, others, timeoutMs: inputs.timeout }, ports))
}

/** What splits the traffic: given, or found from the objects. */
function chooseRouter({ strategy, router }: Inputs): Promise<RouterKind> {
  if (strategy === 'rolling') return Promise.resolve('none')
  if (strategy === 'blue-green') return Promise.resolve('service')
  return Promise.resolve(router === 'auto' ? 'gateway-api' : router)
}
