import { judgePolicy } from '@alt-las/evidence'
import { parseReference, type Digest } from '@alt-las/registry'
import { Failure } from '@alt-las/failure'
import { evidenceOf } from '../evidence.ts'
import type { DeployInputs, ReleaseInputs } from '../operation.ts'
import type { CanaryOutcome } from '../outcome.ts'
import type { Ports } from '../ports.ts'
import type { TargetResult } from '../target-result.ts'
import { trustOf } from './parse-evidence.ts'

/**
 * Holds the images to the policy of `verify-before-deploy`, before anything is applied. null = all are accepted, or there is no policy. Throws a
 * Failure where the registry does not answer: what cannot be checked is not deployed.
 */
export async function checkEvidence(
  inputs: DeployInputs | ReleaseInputs,
  ports: Pick<Ports, 'findEvidence' | 'log' | 'clock' | 'refName'>,
): Promise<CanaryOutcome | null> {
  const { evidence } = inputs
  if (evidence === null) return null
  const { findEvidence, log, clock } = ports
  if (findEvidence === undefined)
    throw new Failure('no-registry', 'nothing can read the evidence of images here', { fault: 'ours' })
  const { policy, roots } = evidence
  const trust = trustOf(policy, roots)
  const targets = 'targets' in inputs ? inputs.targets : [inputs]
  const problems = new Map<string, string>()
  for (const image of new Set(targets.map((one) => one.image))) {
    // Inputs accept nothing without a digest.
    const digest = parseReference(image).digest as Digest
    const verdict = judgePolicy(policy, digest, await findEvidence(image, trust), clock.now())
    if (verdict.kind === 'refused') problems.set(image, verdict.problems.join('; '))
    else log.line(`${image} is ${verdict.because}`)
  }
  return problems.size === 0 ? null : refusal(inputs, targets, { problems, refName: ports.refName })
}

function refusal(
  inputs: DeployInputs | ReleaseInputs,
  targets: readonly DeployInputs[],
  { problems, refName }: { readonly problems: ReadonlyMap<string, string>; readonly refName: string },
): CanaryOutcome {
  const [first] = targets
  const said = [...problems].map(([image, why]) => `${image} is not deployed: ${why}`).join('; ')
  const results = targets.map((one): TargetResult => {
    const why = problems.get(one.image)
    return {
      namespace: one.namespace,
      deployment: one.deployment,
      verdict: 'unchanged',
      because:
        why === undefined ? 'another image of the release is not deployed' : `it is not deployed: ${why}`,
      image: one.image,
      previousImage: null,
      release: one.release ?? refName,
      weight: 0,
      rollout: null,
    }
  })
  const isOne = targets.length === 1 && first !== undefined
  return {
    kind: 'refused',
    because: `nothing was applied: ${said}`,
    subject: isOne
      ? { image: first.image, target: `${first.namespace}/${first.deployment}` }
      : { target: inputs.namespace },
    evidence: evidenceOf('deploy', results),
    targets: results,
    verdict: 'unchanged',
  }
}
