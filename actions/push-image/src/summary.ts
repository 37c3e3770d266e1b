import type { Block, Report } from '@alt-las/outcome'
import { formatSize } from '@alt-las/registry'
import type { PushEvidence, PushOutcome } from './outcome.ts'

/** Job summary: the state of the registry, and the reason for each tag's place. */
export function summarize(outcome: PushOutcome): Report {
  const { evidence, kind, because } = outcome
  const verb = evidence.operation
  return {
    title: `push-image: ${verb} ${kind}, ${evidence.repository}`,
    blocks: [
      { kind: 'paragraph', text: because },
      ...figures(evidence),
      ...tags(evidence),
      ...attestations(evidence),
      ...blobs(evidence),
    ],
    findings: evidence.notices.map((message) => ({ effect: 'informs', title: 'push-image', message })),
  }
}

/** The outputs besides `outcome`, `because` and `report`. */
export function outputsOf({ evidence }: PushOutcome): Readonly<Record<string, string>> {
  return {
    image: evidence.image ?? '',
    digest: evidence.digest ?? '',
    tags: evidence.tags.join('\n'),
    'pushed-bytes': String(evidence.pushedBytes),
    attestations: evidence.attestations.map(({ digest }) => digest).join('\n'),
    'skipped-bytes': String(evidence.skippedBytes),
  }
}

function figures(evidence: PushEvidence): readonly Block[] {
  if (evidence.digest === null || evidence.operation === 'tag') return []
  const rows = [
    ['digest', { code: evidence.digest }],
    ['platforms', evidence.platforms.join(', ')],
    ['scan', evidence.scan === null ? 'none' : evidence.scan.because],
    ['pushed', formatSize(evidence.pushedBytes)],
    ['already there', formatSize(evidence.skippedBytes)],
  ] as const
  return [{ kind: 'table', head: ['', ''], rows }]
}

function tags({ tagOutcome }: PushEvidence): readonly Block[] {
  const entries = Object.entries(tagOutcome)
  if (entries.length === 0) return []
  const rows = entries.map(([tag, { outcome, because }]) => [{ code: tag }, outcome, because])
  return [{ kind: 'table', head: ['tag', 'outcome', 'because'], rows }]
}

function attestations({ attestations: all, signedBy }: PushEvidence): readonly Block[] {
  if (all.length === 0) return []
  const rows = all.map(({ predicateType, digest, how, isSigned }) => [
    predicateType,
    { code: digest },
    how,
    isSigned ? (signedBy ?? '') : 'nobody',
  ])
  return [{ kind: 'table', head: ['beside the image', 'artifact', 'how', 'signed by'], rows }]
}

function blobs(evidence: PushEvidence): readonly Block[] {
  if (evidence.blobs.length === 0) return []
  const rows = evidence.blobs.map(({ digest, sizeBytes, how }) => [
    { code: digest },
    formatSize(sizeBytes),
    how,
  ])
  const table: Block = { kind: 'table', head: ['blob', 'size', 'how'], rows }
  return [{ kind: 'details', summary: `${rows.length} blobs`, blocks: [table] }]
}
