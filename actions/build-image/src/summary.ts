import type { Block, Report, ReportFinding } from '@alt-las/outcome'
import { formatDuration } from '@alt-las/time'
import type { BuildOutcome } from './outcome.ts'
import type { PlatformImage } from './image.ts'
import { formatSize } from '@alt-las/registry'

/** The outcome as a short page, and the findings as annotations on lines of the Dockerfile. */
export function summarize(outcome: BuildOutcome): Report {
  return {
    title: `build-image: ${title(outcome)}`,
    blocks: [
      { kind: 'paragraph', text: outcome.because },
      ...platforms(outcome),
      ...tests(outcome),
      ...practice(outcome),
      ...(outcome.built?.platforms ?? []).map(layers),
    ],
    findings: [
      ...practiceFindings(outcome),
      ...failedTest(outcome),
      ...doubts(outcome),
      ...unusedWaivers(outcome),
    ],
  }
}

/** The outputs beside the common ones; '' if there is no image. */
export function outputsOf({ built }: BuildOutcome): Readonly<Record<string, string>> {
  const platforms = Object.fromEntries(
    (built?.platforms ?? []).map(({ platform, digest, size }) => [platform, { digest, size }]),
  )
  return {
    'oci-layout': built?.layoutPath ?? '',
    digest: built?.digest ?? '',
    image: built?.image ?? '',
    platforms: JSON.stringify(platforms),
    metadata: JSON.stringify(built?.metadata ?? {}),
    reused: String(built !== null && built.releasedAs !== null),
  }
}

function title({ kind, built, subject }: BuildOutcome): string {
  if (kind === 'refused') return `refused ${built?.image ?? subject?.image ?? ''}`
  return `built ${built?.image ?? ''}`
}

function platforms({ built }: BuildOutcome): readonly Block[] {
  if (built === null) return []
  const rows = built.platforms.map((one) => [
    one.platform,
    { code: one.digest },
    formatSize(one.size),
    one.config.user || 'root',
  ])
  return [{ kind: 'table', head: ['Platform', 'Digest', 'Size', 'User'], rows }]
}

function tests({ test }: BuildOutcome): readonly Block[] {
  if (test === null) return []
  const text = `Tests of stage ${test.target} ${test.passed ? 'passed' : 'failed'} after ${formatDuration(test.ms)}.`
  return [
    { kind: 'paragraph', text },
    ...(test.passed ? [] : [{ kind: 'code', language: 'text', text: test.tail } as const]),
  ]
}

function practice({ findings, unjudged, dockerfile }: BuildOutcome): readonly Block[] {
  if (findings.length === 0 && unjudged.length === 0) return []
  const found = findings.map(({ rule, line, message, kind, reason }) => [
    { code: `${dockerfile}:${line}` },
    rule,
    message,
    kind === 'waived' ? `waived: ${reason}` : kind,
  ])
  const open = unjudged.map(({ rule, line, because }) => [
    { code: `${dockerfile}:${line}` },
    rule,
    `could not be judged, because ${because}`,
    'not judged',
  ])
  return [{ kind: 'table', head: ['Line', 'Rule', 'Finding', 'Result'], rows: [...found, ...open] }]
}

function layers(image: PlatformImage): Block {
  const rows = image.layers
    .toSorted((a, b) => b.size - a.size)
    .map(({ size, createdBy }) => [
      formatSize(size),
      { code: createdBy.slice(0, 160) || 'of the base image' },
    ])
  return {
    kind: 'details',
    summary: `Layers of ${image.platform}, largest first`,
    blocks: [{ kind: 'table', head: ['Size', 'Made by'], rows }],
  }
}

function practiceFindings({ findings, dockerfile }: BuildOutcome): readonly ReportFinding[] {
  return findings
    .filter(({ kind }) => kind !== 'waived')
    .map(({ kind, rule, message, line }) => ({
      effect: kind === 'refuses' ? 'refuses' : 'warns',
      title: `practice: ${rule}`,
      message,
      file: dockerfile,
      line,
    }))
}

function failedTest({ test, dockerfile }: BuildOutcome): readonly ReportFinding[] {
  if (test === null || test.passed || test.line === null) return []
  const { target, tail: message, line } = test
  return [{ effect: 'refuses', title: `tests of stage ${target}`, message, file: dockerfile, line }]
}

function doubts({ unjudged, dockerfile }: BuildOutcome): readonly ReportFinding[] {
  return unjudged.map(({ rule, because, line }) => ({
    effect: 'warns',
    title: `practice: ${rule}`,
    message: `${rule} could not be judged, because ${because}`,
    file: dockerfile,
    line,
  }))
}

function unusedWaivers({ unusedWaivers: unused }: BuildOutcome): readonly ReportFinding[] {
  return unused.map((rule) => ({
    effect: 'warns',
    message: `practice-waivers: ${rule} waives nothing; remove it`,
  }))
}
