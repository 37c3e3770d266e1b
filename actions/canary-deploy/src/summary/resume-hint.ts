import type { Block } from '@alt-las/outcome'
import { isJudgedLater } from '@alt-las/rollout'
import type { TargetResult } from '../outcome.ts'

/** A workflow step to copy that continues a paused or halted rollout; empty if the rollout has ended. */
export function resumeHint({ verdict, rollout, namespace, deployment }: TargetResult): readonly Block[] {
  if (rollout === null || (verdict !== 'paused' && verdict !== 'halted')) return []
  const text = [
    '- uses: ALT-LAS/delivery/actions/canary-deploy@v1',
    '  with:',
    `    operation: ${verdict === 'paused' ? 'promote # or abort' : 'promote'}`,
    `    namespace: ${namespace}`,
    `    deployment: ${deployment}`,
    ...(isJudgedLater(rollout) ? ['    metrics-url: # as for deploy'] : []),
    '    kubeconfig: ${{ secrets.KUBE_CONFIG }}',
  ].join('\n')
  return [
    { kind: 'paragraph', text: verdict === 'paused' ? paused : halted },
    { kind: 'code', language: 'yaml', text },
  ]
}

const paused =
  'It waits, durably and without a runner, until another job promotes or aborts it. A deploy of another version aborts it first:'
const halted = 'After the cause is removed, this step completes it:'
