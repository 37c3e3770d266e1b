import type { Evidence } from '@alt-las/outcome'
import type { Rollout } from '@alt-las/rollout'
import type { Draft } from '@alt-las/runner'
import { type Operation, evidenceOf } from '../evidence.ts'
import { outputsOf } from '../summary/summary.ts'
import type { TargetResult } from '../target-result.ts'
import { targetStatus } from './status.ts'

/** Keeps the latest state of each target for the outcome document and the outputs of a step that fails. */
export function keepDraft(
  operation: Operation,
  draft: Draft<Evidence<'canary-deploy'>>,
): (rollout: Rollout, because: string) => void {
  const targets = new Map<string, TargetResult>()
  return (rollout, because) => {
    const { namespace, deployment, image, release } = rollout.plan
    targets.set(`${namespace}/${deployment}`, { ...targetStatus(rollout), because, image, release })
    const results = [...targets.values()]
    const evidence = evidenceOf(operation, results)
    draft.about(
      results.length === 1 ? { image, target: `${namespace}/${deployment}` } : { target: namespace },
    )
    draft.record(evidence)
    // A step that fails has come to no verdict.
    draft.output({ ...outputsOf({ kind: 'passed', because, evidence, targets: results }), verdict: '' })
  }
}
