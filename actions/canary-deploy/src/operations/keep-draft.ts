import type { Evidence } from '@alt-las/outcome'
import type { Rollout } from '@alt-las/rollout'
import type { Draft } from '@alt-las/runner'
import { type Operation, evidenceOf } from '../evidence.ts'
import { outputsOf } from '../summary/summary.ts'
import type { TargetResult } from '../target-result.ts'
import { targetStatus } from './status.ts'

/** Does the work; if it fails, the latest state of each target goes into the outcome document and the outputs. */
export async function keepDraft<T>(
  operation: Operation,
  draft: Draft<Evidence<'canary-deploy'>>,
  work: (follow: (rollout: Rollout, because: string) => void) => Promise<T>,
): Promise<T> {
  const latest = new Map<string, TargetResult>()
  try {
    return await work((rollout, because) => {
      const { namespace, deployment, image, release } = rollout.plan
      latest.set(`${namespace}/${deployment}`, { ...targetStatus(rollout), because, image, release })
    })
  } catch (error) {
    record(operation, draft, [...latest.values()])
    throw error
  }
}

function record(
  operation: Operation,
  draft: Draft<Evidence<'canary-deploy'>>,
  targets: readonly TargetResult[],
): void {
  const [first, second] = targets
  if (first === undefined) return
  const { namespace, deployment, image, because } = first
  const evidence = evidenceOf(operation, targets)
  draft.about(second === undefined ? { image, target: `${namespace}/${deployment}` } : { target: namespace })
  draft.record(evidence)
  // A failed step has no verdict.
  draft.output({ ...outputsOf({ kind: 'passed', because, evidence, targets }), verdict: '' })
}
