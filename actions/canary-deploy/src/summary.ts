import type { Block, Cell, Report } from '@alt-las/report'
import { formatDuration } from '@alt-las/time'
import { forecastBlocks } from './forecast/page.ts'
import type { StepFigures } from './judging.ts'
import type { CanaryOutcome, TargetResult } from './outcome.ts'
import type { Rollout } from './rollout.ts'
import { formatSteps } from './steps.ts'

/** The page of a rollout: the sentence first, then what it rests on. */
export function summarize(outcome: CanaryOutcome): Report {
  const [only] = outcome.targets
  const single = outcome.targets.length === 1 && only !== undefined
  const what = outcome.forecasts !== undefined ? 'dry-run, nothing was changed' : single
    ? `${only.deployment} ${only.release} ${words[only.verdict]}`
    : outcome.targets.length === 0
      ? 'nothing was rolled out yet'
      : `${String(outcome.targets.length)} targets`
  return {
    title: `canary-deploy: ${what}`,
    blocks: [
      { kind: 'paragraph', text: outcome.because },
      ...(outcome.router === undefined ? [] : [{ kind: 'paragraph', text: outcome.router } as const]),
      ...(outcome.forecasts ?? []).flatMap(forecastBlocks),
      ...(outcome.forecasts !== undefined ? [] : single ? targetBlocks(only) : outcome.targets.length === 0 ? [] : [overview(outcome.targets)]),
    ],
  }
}

const words: Readonly<Record<TargetResult['verdict'], string>> = {
  promoted: 'promoted',
  'rolled-back': 'rolled back',
  paused: 'paused',
  unchanged: 'unchanged',
  halted: 'halted',
}

/** Outputs beside the common ones; of several targets they are the first's. */
export function outputsOf({ targets }: CanaryOutcome): Readonly<Record<string, string>> {
  const first = targets[0]
  const judgement = first?.rollout?.judgement
  return {
    verdict: first?.verdict ?? '',
    weight: String(first?.weight ?? 0),
    'previous-image': first?.previousImage ?? '',
    evidence: JSON.stringify({
      value: judgement?.evidence ?? null,
      because: judgement?.because ?? null,
      steps: judgement?.steps ?? [],
    }),
    state: JSON.stringify(
      targets.map(({ deployment, verdict, release, image, weight }) => ({
        deployment,
        verdict,
        release,
        image,
        weight,
      })),
    ),
  }
}

function overview(targets: readonly TargetResult[]): Block {
  const rows = targets.map(({ deployment, verdict, release, image, because }): readonly Cell[] => [
    deployment,
    words[verdict],
    release,
    { code: image },
    because,
  ])
  return { kind: 'table', head: ['target', 'verdict', 'release', 'image', 'because'], rows }
}

function targetBlocks({
  image,
  previousImage,
  rollout,
  namespace,
  deployment,
  weight,
}: TargetResult): readonly Block[] {
  const steps = rollout?.plan.steps ?? []
  const facts: readonly (readonly Cell[])[] = [
    ['target', `${namespace}/${deployment}`],
    ['serving now', { code: weight > 0 && weight < 100 ? `${image} takes ${String(weight)}%` : image }],
    ['before', previousImage === null ? 'nothing' : { code: previousImage }],
    ...(steps.length === 0 ? [] : [['steps', formatSteps(steps)]]),
  ]
  const head: Block = { kind: 'table', head: ['', ''], rows: facts }
  if (rollout === null) return [head]
  return [head, ...judged(rollout), ...story(rollout)]
}

function judged({ judgement, plan }: Rollout): readonly Block[] {
  if (judgement.steps.length === 0) return []
  const limit = 1 / plan.judging.risk
  const rows = judgement.steps.map((step): readonly Cell[] => [
    `${String(step.weight)}%`,
    figures(step.canary),
    figures(step.stable),
    String(step.blocks),
  ])
  const text = `Evidence against the canary: ${judgement.evidence.toPrecision(3)} of the ${String(Math.round(limit))} that roll it back. ${judgement.because}`
  return [
    {
      kind: 'table',
      head: ['weight', 'canary: failed / requests', 'stable: failed / requests', 'blocks'],
      rows,
    },
    { kind: 'paragraph', text },
  ]
}

const figures = ({ requests, errors }: StepFigures['canary']) =>
  `${String(Math.round(errors))} / ${String(Math.round(requests))}`

function story({ timeline, startedAt }: Rollout): readonly Block[] {
  const rows = timeline.map(({ at, phase, weight, because }): readonly Cell[] => [
    formatDuration(at - startedAt),
    phase,
    `${String(weight)}%`,
    because,
  ])
  return [
    { kind: 'code', language: 'mermaid', text: chart(timeline, startedAt) },
    {
      kind: 'details',
      summary: 'timeline',
      blocks: [{ kind: 'table', head: ['after', 'phase', 'canary', 'because'], rows }],
    },
  ]
}

/** The canary's share at each moment of the story. */
function chart(timeline: Rollout['timeline'], startedAt: number): string {
  const labels = timeline.map(({ at }) => `"${formatDuration(at - startedAt)}"`)
  return [
    'xychart-beta',
    '  title "traffic on the canary"',
    `  x-axis [${labels.join(', ')}]`,
    '  y-axis "percent" 0 --> 100',
    `  line [${timeline.map(({ weight }) => String(weight)).join(', ')}]`,
  ].join('\n')
}
