import type { Block } from '@alt-las/outcome'
import { hasRamp } from '@alt-las/rollout'
import type { TargetResult } from '../outcome.ts'

/** How a rollout that stands still goes on, as lines to copy; none where it is over. */
export function resumeHint({ verdict, rollout, namespace, deployment }: TargetResult): readonly Block[] {
  if (rollout === null || (verdict !== 'paused' && verdict !== 'halted')) return []
  const text = [
    '- uses: ALT-LAS/delivery/actions/canary-deploy@v1',
    '  with:',
    `    operation: ${verdict === 'paused' ? 'promote # or abort' : 'promote'}`,
    `    namespace: ${namespace}`,
    `    deployment: ${deployment}`,
    ...(needsMetrics(rollout) ? ['    metrics-url: # as for deploy'] : []),
    '    kubeconfig: ${{ secrets.KUBE_CONFIG }}',
  ].join('\n')
  return [
    { kind: 'paragraph', text: verdict === 'paused' ? paused : halted },
    { kind: 'code', language: 'yaml', text },
  ]
}

const paused =
  'It waits, durably and without a runner, until another job goes on or takes it back; a deploy of another version takes it back first:'
const halted = 'Once the cause is gone, this brings it to its end:'

/** Only what is still judged on the way reads metrics. */
function needsMetrics({ plan, phase }: NonNullable<TargetResult['rollout']>): boolean {
  if (plan.strategy === 'blue-green') return phase.kind === 'paused' && phase.at === 'preview'
  if (phase.kind !== 'paused' || phase.at === 'warm') return false
  return phase.at === 'preview' ? hasRamp(plan) : phase.at < plan.steps.length - 1
}
