import type { Block, Cell, Report } from '@alt-las/outcome'
import {
  type Rollout,
  type Plan,
  type Sent,
  fixedSteps,
  isTimed,
  type StepFigures,
  forecastWords,
  versionNames,
  formatSteps,
  hasRamp,
  nameOf,
} from '@alt-las/rollout'
import { audienceWords } from '@alt-las/routers'
import { formatDuration } from '@alt-las/time'
import { forecastBlocks } from '../forecast/page.ts'
import type { CanaryOutcome, TargetResult } from '../outcome.ts'
import { describeSent } from '../synthetic/sent.ts'
import { resumeHint } from './resume-hint.ts'
import { smokeBlocks, smokeFacts } from './smoke-blocks.ts'
import { pictureBlocks } from './picture.ts'

/** The page of a rollout: the sentence first, then its evidence. */
export function summarize(outcome: CanaryOutcome): Report {
  return {
    title: `canary-deploy: ${titleOf(outcome)}`,
    blocks: [
      { kind: 'paragraph', text: outcome.because },
      ...(outcome.router === undefined ? [] : [{ kind: 'paragraph', text: outcome.router } as const]),
      ...bodyOf(outcome),
    ],
    findings: (outcome.problems ?? []).map((message) => ({ effect: 'refuses', title: 'Preflight', message })),
  }
}

function titleOf({ forecasts, problems, targets }: CanaryOutcome): string {
  if (problems !== undefined)
    return problems.length === 0 ? 'preflight, nothing is missing' : `preflight, ${problems.length} missing`
  if (forecasts !== undefined) return 'dry-run, nothing was changed'
  const [only, second] = targets
  if (only === undefined) return 'nothing was rolled out yet'
  return second === undefined
    ? `${only.deployment} ${aboutOf(only)} ${words[only.verdict]}`
    : `${targets.length} targets`
}

/** A paused or halted rollout is named by its new release, whichever release serves. */
const aboutOf = ({ verdict, release, rollout }: TargetResult): string =>
  verdict === 'paused' || verdict === 'halted' ? (rollout?.plan.release ?? release) : release

function bodyOf({ forecasts, problems = [], targets }: CanaryOutcome): readonly Block[] {
  if (problems.length > 0) return [{ kind: 'list', items: problems }]
  if (forecasts !== undefined) return forecasts.flatMap(forecastBlocks)
  const [only, second] = targets
  if (only === undefined) return []
  return second === undefined
    ? targetBlocks(only)
    : [overview(targets), ...targets.flatMap(resumeHint), ...targets.flatMap(pictureOf)]
}

const words: Readonly<Record<TargetResult['verdict'], string>> = {
  promoted: 'promoted',
  'rolled-back': 'rolled back',
  paused: 'paused',
  unchanged: 'unchanged',
  halted: 'halted',
}

/** Outputs beside the common ones; of several targets they are the first's. */
export function outputsOf({ targets, verdict }: CanaryOutcome): Readonly<Record<string, string>> {
  const first = targets[0]
  const judgement = first?.rollout?.judgement
  return {
    verdict: verdict ?? first?.verdict ?? '',
    weight: String(first?.weight ?? 0),
    'previous-image': first?.previousImage ?? '',
    evidence: JSON.stringify({
      value: judgement?.evidence ?? null,
      because: judgement?.because ?? null,
      steps: judgement?.steps ?? [],
    }),
    state: JSON.stringify(targets.map(stateOf)),
  }
}

/** A target's facts for later jobs. */
function stateOf({ rollout, ...target }: TargetResult) {
  const { namespace, deployment, verdict, because, release, image, previousImage, weight } = target
  return {
    namespace,
    deployment,
    workload: rollout?.plan.workload ?? null,
    strategy: rollout?.plan.strategy ?? null,
    phase: rollout === null ? null : nameOf(rollout.phase),
    verdict,
    because,
    release,
    image,
    previousImage,
    weight,
  }
}

function overview(targets: readonly TargetResult[]): Block {
  const rows = targets.map(({ deployment, verdict, release, image, weight, because }): readonly Cell[] => [
    deployment,
    words[verdict],
    release,
    { code: image },
    weight === 0 ? '' : `${weight}%`,
    because,
  ])
  return { kind: 'table', head: ['target', 'verdict', 'release', 'image', 'new version', 'because'], rows }
}

/** Only for judged targets; titles if there are several. */
function pictureOf({ deployment, rollout }: TargetResult): readonly Block[] {
  const blocks = rollout === null || rollout.judgement.course.length === 0 ? [] : picture(rollout)
  return blocks.length === 0 ? [] : [{ kind: 'details', summary: deployment, blocks }]
}

function targetBlocks(target: TargetResult): readonly Block[] {
  const { previousImage, rollout, namespace, deployment } = target
  const facts: readonly (readonly Cell[])[] = [
    [
      'target',
      rollout === null ? `${namespace}/${deployment}` : `${rollout.plan.workload} ${namespace}/${deployment}`,
    ],
    ...(rollout === null ? [] : [['strategy', rollout.plan.strategy]]),
    ...servingNow(target),
    ['before', previousImage === null ? 'nothing' : { code: previousImage }],
    ...(target.synthetic === undefined || target.synthetic === null
      ? []
      : [['synthetic requests', describeSent(target.synthetic) + shareOf(target.synthetic, rollout)]]),
    ...(rollout === null ? [] : aboutTraffic(rollout)),
    ...smokeFacts(rollout),
    ...(rollout === null ? [] : audienceOf(rollout.plan)),
    ...(rollout === null || !hasRamp(rollout.plan) ? [] : [['steps', stepsOf(rollout)]]),
  ]
  const head: Block = { kind: 'table', head: ['', ''], rows: facts }
  if (rollout === null) return [head]
  return [
    ...picture(rollout),
    head,
    ...resumeHint(target),
    ...smokeBlocks(rollout),
    ...judged(target, rollout),
    ...story(rollout),
  ]
}

const audienceOf = ({ audience }: Plan): readonly (readonly Cell[])[] =>
  audience === undefined
    ? []
    : [['audience', `${audienceWords(audience)}, for ${formatDuration(audience.holdMs)} at least`]]

/** What the history promised, and the way that was taken where that was too little. */
function aboutTraffic({ judgement, plan }: Rollout): readonly (readonly Cell[])[] {
  const { forecast, quiet } = judgement
  if (forecast === undefined) return []
  return [['traffic', quiet?.because ?? forecastWords(forecast, plan)]]
}

/** How much of the judged traffic was synthetic. */
function shareOf({ sent }: Sent, rollout: Rollout | null): string {
  const steps = rollout?.judgement.steps ?? []
  const judged = steps.reduce((sum, { canary, stable }) => sum + canary.requests + stable.requests, 0)
  if (judged === 0) return ''
  return `; some ${Math.min(100, Math.round((100 * sent) / judged))} % of the ${Math.round(judged)} requests that were judged`
}

function stepsOf(rollout: Rollout): string {
  const steps = fixedSteps(rollout)
  if (steps === null) return 'auto: limited by a budget of failed requests'
  return `${formatSteps(steps)}${isTimed(rollout) ? ', by time: not judged by traffic' : ''}`
}

/** In between, both versions serve: the row shows their shares. */
function servingNow({
  image,
  weight,
  rollout,
  previousImage,
  verdict,
}: TargetResult): readonly (readonly Cell[])[] {
  if (rollout === null || verdict === 'promoted' || verdict === 'rolled-back' || verdict === 'unchanged')
    return [['serving now', { code: image }]]
  return [
    ['new version', { code: rollout.plan.image }],
    [
      'its traffic',
      `${weight}%, the rest ${previousImage === null ? 'is not served' : 'goes to the previous version'}`,
    ],
  ]
}

function judged({ because }: TargetResult, { judgement, plan }: Rollout): readonly Block[] {
  if (judgement.steps.length === 0) return []
  const limit = 1 / plan.judging.risk
  const rows = judgement.steps.map((step): readonly Cell[] => [
    step.weight === 0 ? 'audience' : `${step.weight}%`,
    figures(step.canary),
    figures(step.stable),
    String(step.blocks),
  ])
  const sentence = because.includes(judgement.because) ? '' : ` ${judgement.because}`
  const { name: canary, old: stable } = versionNames(plan)
  const text = `Evidence against ${canary}: ${judgement.evidence.toPrecision(3)}; rollback at ${Math.round(limit)}.${sentence}`
  return [
    {
      kind: 'table',
      head: ['weight', `${canary}: failed / requests`, `${stable}: failed / requests`, 'blocks'],
      rows,
    },
    { kind: 'paragraph', text },
  ]
}

const figures = ({ requests, errors }: StepFigures['canary']) =>
  `${Math.round(errors)} / ${Math.round(requests)}`

function picture({ timeline, startedAt, plan, judgement, phase }: Rollout): readonly Block[] {
  const drawn = pictureBlocks(judgement.course, {
    limit: 1 / plan.judging.risk,
    rolledBack: phase.kind === 'revert' || (phase.kind === 'done' && phase.verdict === 'rolled-back'),
    strategy: plan.strategy,
  })
  // A rolling update, or one that never got traffic, has no curve.
  if (drawn.length > 0 || timeline.every(({ weight }) => weight === 0)) return drawn
  return [
    { kind: 'code', language: 'mermaid', text: chart(timeline, { startedAt, on: versionNames(plan).name }) },
  ]
}

function story({ timeline, startedAt, plan }: Rollout): readonly Block[] {
  const rows = timeline.map(({ at, phase, weight, because }): readonly Cell[] => [
    formatDuration(at - startedAt),
    phase,
    `${weight}%`,
    because,
  ])
  const table: Block = { kind: 'table', head: ['after', 'phase', versionNames(plan).name, 'because'], rows }
  return [{ kind: 'details', summary: 'timeline', blocks: [table] }]
}

/** The canary's share at each moment of the story. */
function chart(
  timeline: Rollout['timeline'],
  { startedAt, on }: { readonly startedAt: number; readonly on: string },
): string {
  const labels = timeline.map(({ at }) => `"${formatDuration(at - startedAt)}"`)
  return [
    'xychart-beta',
    `  title "percent of the traffic on ${on}"`,
    `  x-axis [${labels.join(', ')}]`,
    '  y-axis "percent" 0 --> 100',
    `  line [${timeline.map(({ weight }) => String(weight)).join(', ')}]`,
  ].join('\n')
}
