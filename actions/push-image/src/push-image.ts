import { Failure } from '@alt-las/failure'
import { chooseCredentials, readLayout, type Repository } from '@alt-las/registry'
import { readApproval } from './approval.ts'
import { publish, type PlacedBlob, type Published } from './blobs/publish.ts'
import { attachStatements } from './attach/attach-statements.ts'
import { gatherStatements } from './attach/statements.ts'
import type { Inputs, PreflightInputs, PushInputs, TagInputs } from './inputs.ts'
import {
  evidenceOf,
  imageOf,
  initialEvidence,
  preflightDenied,
  preflightPassed,
  type Denial,
  pushed,
  refused,
  type Beside,
  type PushOutcome,
  type PushSubject,
} from './outcome.ts'
import type { Ports } from './ports.ts'
import { planTags } from './tags/plan-tags.ts'
import { setTags, topManifest, type TopManifest } from './tags/set-tags.ts'
import { tagged, taggingRefused } from './tags/tag-outcome.ts'
import { planTagging } from './tags/tag-image.ts'
import type { TagDecision } from './tags/tag-plan.ts'
import { withState } from './unfinished.ts'

/** Pushes a scanned layout, or checks whether a push would be allowed. Throws a Failure that names the state of the registry. */
export async function pushImage(inputs: Inputs, ports: Ports): Promise<PushOutcome> {
  const { interrupted, draft } = ports
  const expired = ports.expire(inputs.timeout)
  const blobs: PlacedBlob[] = []
  const tags: string[] = []
  draft.about({ target: inputs.image.name })
  draft.record(initialEvidence(inputs))
  try {
    const signal = AbortSignal.any([interrupted, expired])
    if (inputs.operation === 'preflight') return await preflight(inputs, signal, ports)
    const repository = await open(inputs, signal, ports)
    if (inputs.operation === 'tag') return await tag(inputs, { ...ports, repository, blobs, tags })
    return await push(inputs, { ...ports, repository, blobs, tags })
  } catch (error) {
    const soFar = { blobs: blobs.length, tags }
    throw withState(error, { pushed: soFar, interrupted, expired, timeoutMs: inputs.timeout })
  }
}

async function open(inputs: Inputs, signal: AbortSignal, ports: Ports): Promise<Repository> {
  const { image, login, githubToken, attempts } = inputs
  const { environment, log, fromDocker } = ports
  const given = { login, githubToken, actor: environment.actor }
  const { credentials, from } = await chooseCredentials(image.registry, given, fromDocker)
  log.line(`credentials for ${image.registry}: ${from}`)
  return ports.open({ at: image, access: 'push', credentials, attempts, signal, onRetry: log.line })
}

/** Asks for all images at once. The question is whether the token may write: a denial is the answer, not an error. */
async function preflight(inputs: PreflightInputs, signal: AbortSignal, ports: Ports): Promise<PushOutcome> {
  const denials = await chapter(
    'preflight',
    () => Promise.all(inputs.images.map((image) => denialOf({ ...inputs, image }, signal, ports))),
    ports,
  )
  const denied = denials.filter((one) => one !== null)
  return denied.length === 0 ? preflightPassed(inputs) : preflightDenied(inputs, denied)
}

/** null = it can be written to. */
async function denialOf(inputs: PreflightInputs, signal: AbortSignal, ports: Ports): Promise<Denial | null> {
  const { name } = inputs.image
  const repository = await open(inputs, signal, ports)
  try {
    await repository.tryWrite()
    ports.log.line(`${name} can be written to`)
    return null
  } catch (error) {
    const isDenial =
      error instanceof Failure && ['registry-unauthorized', 'registry-denied'].includes(error.code)
    if (!isDenial) throw error
    return { name, failure: error }
  }
}

interface PushPorts extends Ports {
  readonly repository: Repository
  /** Blobs known to be in the registry, and tags known to point to this digest; filled during the push. */
  readonly blobs: PlacedBlob[]
  readonly tags: string[]
}

async function push(inputs: PushInputs, ports: PushPorts): Promise<PushOutcome> {
  const { repository, draft } = ports
  const layout = await chapter(
    'read the layout',
    () => readLayout(inputs.ociLayout, { blobs: 'sizes' }),
    ports,
  )
  const { digest } = layout.top
  draft.about({ digest })
  draft.output({ digest })
  const approval = await readApproval(inputs.scanReport, digest, ports.files)
  const subject = { inputs, layout, approval }
  draft.record(evidenceOf(subject))
  if (approval.kind === 'denied') return refused(subject, approval.because)
  const statements = await gatherStatements(inputs, layout, ports.files)
  await chapter('preflight', () => repository.tryWrite(), ports)
  const decisions = await chapter('plan the tags', () => planTags(inputs, digest, ports), ports)
  const refusals = decisions.filter(({ kind }) => kind === 'refuse')
  if (refusals.length > 0)
    return refused(subject, `${refusals.map(({ because }) => because).join('; ')}, this image is ${digest}`)
  const published = await chapter('blobs and manifests', () => publishSubject(subject, ports), ports)
  const attach = () => attachStatements(statements, subject, ports)
  const beside = statements.length === 0 ? nothingBeside : await chapter('evidence', attach, ports)
  // Tags come last: one that moves names an image that has its evidence.
  await chapter('tags', () => moveTags(decisions, topManifest(layout), ports), ports)
  return pushed(subject, { published, beside, decisions })
}

const nothingBeside: Beside = { attestations: [], signedBy: null }

/** Moves tags to an image that is in the registry already. */
async function tag(inputs: TagInputs, ports: PushPorts): Promise<PushOutcome> {
  const plan = await chapter('plan the tags', () => planTagging(inputs, ports), ports)
  if (plan.kind === 'refused') return taggingRefused(inputs, plan.because)
  const { digest, mediaType, bytes } = plan.manifest
  ports.draft.about({ digest, image: `${inputs.image.name}@${digest}` })
  const top = { descriptor: { digest, mediaType, size: bytes.length }, bytes }
  await chapter('tags', () => moveTags(plan.decisions, top, ports), ports)
  return tagged(inputs, digest, plan.decisions)
}

async function publishSubject(subject: PushSubject, ports: PushPorts): Promise<Published> {
  const { inputs, layout } = subject
  const { blobs, draft } = ports
  const onBlob = (blob: PlacedBlob) => {
    blobs.push(blob)
    draft.record({ blobs: [...blobs] })
  }
  const options = { concurrency: inputs.concurrency, siblings: inputs.mountFrom, onBlob }
  const published = await publish(layout, options, ports)
  const image = imageOf(subject)
  draft.about({ image })
  draft.output({ image })
  draft.record({ ...published, image })
  return published
}

async function moveTags(
  decisions: readonly TagDecision[],
  top: TopManifest,
  ports: PushPorts,
): Promise<void> {
  const { repository, tags, draft, log } = ports
  await setTags(decisions, top, repository, (tag) => {
    tags.push(tag)
    draft.record({ tags: [...tags] })
    draft.output({ tags: tags.join('\n') })
    log.line(`${repository.name}:${tag} points to ${top.descriptor.digest}`)
  })
}

/** One part of the work, as a log group with a duration. */
function chapter<T>(name: string, work: () => Promise<T>, { draft, log }: Ports): Promise<T> {
  return draft.timed(name, () => log.chapter(name, work))
}
