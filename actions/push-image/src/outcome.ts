import { describe, type Failure } from '@alt-las/failure'
import type { Evidence, Outcome } from '@alt-las/outcome'
import { formatPlatform, images, type Layout, formatSize } from '@alt-las/registry'
import type { Approval } from './approval.ts'
import type { Published } from './blobs/publish.ts'
import type { Inputs, PreflightInputs, PushInputs } from './inputs.ts'
import type { TagDecision } from './tags/tag-plan.ts'

export type PushEvidence = Evidence<'push-image'>

export type PushOutcome = Outcome<'push-image'>

/** What lies beside the image. */
export type Beside = Pick<PushEvidence, 'attestations' | 'signedBy'>

/** The subject of a push: its layout and scan report. */
export interface PushSubject {
  readonly inputs: PushInputs
  readonly layout: Layout
  readonly approval: Approval
}

/** A repository that these credentials cannot write to. */
export interface Denial {
  readonly name: string
  readonly failure: Failure
}

export function preflightPassed(inputs: PreflightInputs): PushOutcome {
  return {
    kind: 'passed',
    because: `${namesOf(inputs)} can be written to with these credentials`,
    subject: { target: namesOf(inputs) },
    evidence: initialEvidence(inputs),
  }
}

export function preflightDenied(inputs: PreflightInputs, denials: readonly Denial[]): PushOutcome {
  return {
    kind: 'refused',
    because: denials
      .map(({ name, failure }) => `${name} cannot be written to: ${describe(failure)}`)
      .join('; '),
    subject: { target: namesOf(inputs) },
    evidence: initialEvidence(inputs),
  }
}

const namesOf = ({ images }: PreflightInputs): string => images.map(({ name }) => name).join(', ')

export function refused(subject: PushSubject, why: string): PushOutcome {
  const { digest } = subject.layout.top
  const evidence = { ...initialEvidence(subject.inputs), ...evidenceOf(subject) }
  return { kind: 'refused', because: `nothing was pushed: ${why}`, subject: { digest }, evidence }
}

/** What a push has done. */
export interface Done {
  readonly published: Published
  readonly beside: Beside
  readonly decisions: readonly TagDecision[]
}

export function pushed(subject: PushSubject, { published, beside, decisions }: Done): PushOutcome {
  const { digest } = subject.layout.top
  const image = imageOf(subject)
  const evidence = {
    ...initialEvidence(subject.inputs),
    ...evidenceOf(subject),
    ...published,
    ...beside,
    image,
    ...tagEvidence(decisions),
    notices: noticesOf(subject, decisions),
  }
  const because = sentence(image, published, decisions)
  return { kind: 'passed', because, subject: { image, digest }, evidence }
}

/** The evidence before the first request. */
export function initialEvidence(inputs: Inputs): PushEvidence {
  return {
    operation: inputs.operation,
    repository: inputs.image.name,
    image: null,
    digest: null,
    platforms: [],
    tags: [],
    tagOutcome: {},
    pushedBytes: 0,
    skippedBytes: 0,
    blobs: [],
    manifests: [],
    scan: null,
    attestations: [],
    signedBy: null,
    notices: lowerCaseNotice(inputs),
  }
}

/** The evidence from layout and scan report. */
export function evidenceOf(subject: PushSubject): Pick<PushEvidence, 'digest' | 'platforms' | 'scan'> {
  const { inputs, layout, approval } = subject
  const platforms = images(layout).flatMap(({ platform }) =>
    platform === null ? [] : [formatPlatform(platform)],
  )
  const scan =
    inputs.scanReport.kind === 'none' || approval.kind === 'waived'
      ? null
      : { report: inputs.scanReport.path, because: approval.because }
  return { digest: layout.top.digest, platforms, scan }
}

export function imageOf({ inputs, layout }: PushSubject): string {
  return `${inputs.image.name}@${layout.top.digest}`
}

/** Where each tag is after the decisions. */
export function tagEvidence(decisions: readonly TagDecision[]): Pick<PushEvidence, 'tags' | 'tagOutcome'> {
  const here = decisions.filter(({ kind }) => kind !== 'hold-back' && kind !== 'refuse').map(({ tag }) => tag)
  return {
    tags: here,
    tagOutcome: Object.fromEntries(decisions.map((decision) => [decision.tag, outcomeOf(decision)])),
  }
}

/** Tags that were asked for, and stay where they are. */
export function heldBack(decisions: readonly TagDecision[]): readonly string[] {
  return decisions
    .filter(({ kind }) => kind === 'hold-back')
    .map(({ tag, because }) => `${tag} was not moved: ${because}`)
}

function outcomeOf({ kind, previous, because }: TagDecision): PushEvidence['tagOutcome'][string] {
  const outcomes = {
    create: 'created',
    move: 'moved',
    unchanged: 'unchanged',
    'hold-back': 'held-back',
    refuse: 'held-back',
  } as const
  return { outcome: outcomes[kind], previous, because }
}

function noticesOf(
  { inputs, approval, layout }: PushSubject,
  decisions: readonly TagDecision[],
): readonly string[] {
  return [
    ...lowerCaseNotice(inputs),
    ...(approval.kind === 'waived' ? ['scan-report is none: these bytes are unscanned'] : []),
    ...layout.foreign.map(
      ({ digest }) =>
        `the layer ${digest} may not be distributed: it was left out, and is pulled from elsewhere`,
    ),
    ...(inputs.sign.kind === 'off' && (inputs.sbom !== null || inputs.provenance !== null)
      ? ['sign is off: SBOM and provenance lie beside the image, and prove nothing']
      : []),
    ...(decisions.length === 0 ? ['no rule gave a tag: the image has only its digest'] : []),
    ...heldBack(decisions),
  ]
}

export function lowerCaseNotice(inputs: Inputs): readonly string[] {
  const all = inputs.operation === 'preflight' ? inputs.images : [inputs.image]
  return all
    .filter(({ changed }) => changed)
    .map(({ name }) => `the repository is ${name}: registries allow lower case only`)
}

function sentence(image: string, published: Published, decisions: readonly TagDecision[]): string {
  const set = decisions.filter(({ kind }) => kind === 'create' || kind === 'move').map(({ tag }) => tag)
  if (published.manifests.length === 0 && set.length === 0)
    return `${image} was already in the registry; nothing changed`
  const bytes = `${formatSize(published.pushedBytes)} pushed, ${formatSize(published.skippedBytes)} already there`
  return `${image}: ${bytes}; ${set.length === 0 ? 'no tag moved' : `set ${set.join(', ')}`}`
}
