import { rollOut } from '@alt-las/rollout'
import type { DeployInputs, Inputs } from './operation.ts'
import { deployRelease } from './release/deploy-release.ts'
import { checkEvidence } from './evidence-check/check-evidence.ts'
import { dryRun } from './operations/dry-run.ts'
import { promoteOrAbort } from './operations/promote-or-abort.ts'
import { rolloutPorts } from './operations/rollout-ports.ts'
import { rollBack } from './operations/roll-back.ts'
import { status } from './operations/status.ts'
import { outcomeOf, resultFor, type CanaryOutcome } from './outcome.ts'
import { requirePermissions } from './permissions/permissions.ts'
import { objectsBeside, planTarget } from './plan/plan-target.ts'
import type { Ports } from './ports.ts'
import { preflight } from './preflight/preflight.ts'

/** The use case: brings a digest to traffic, or back. Throws Failures; a bad canary is an outcome. */
export async function canaryDeploy(inputs: Inputs, ports: Ports): Promise<CanaryOutcome> {
  switch (inputs.operation) {
    case 'deploy': {
      const refused = await checkEvidence(inputs, ports)
      if (refused !== null) return refused
      return 'targets' in inputs ? deployRelease(inputs, ports) : deploy(inputs, ports)
    }
    case 'preflight':
      return preflight(inputs, ports)
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
  const target = await planTarget(inputs, ports)
  const { plan, needed, router } = target
  if (!inputs.dryRun) await requirePermissions(needed, ports.cluster)
  const others = await objectsBeside(target, ports)
  const work = { plan, others, timeoutMs: inputs.timeoutMs }
  const outcome = inputs.dryRun
    ? await dryRun('deploy', [{ plan, others, needed }], ports)
    : outcomeOf('deploy', resultFor(plan, await rollOut(work, rolloutPorts(ports))))
  return { ...outcome, router: router.because, evidence: { ...outcome.evidence, router } }
}
