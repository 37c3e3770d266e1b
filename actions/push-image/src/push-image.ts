import { readFile } from 'node:fs/promises'
import { Failure } from '@alt-las/failure'
import {
  chooseCredentials,
  readLayout,
  type Credentials,
  type Layout,
  type Repository,
  type RepositoryOptions,
} from '@alt-las/registry'
import type { Log } from '@alt-las/runner'
import type { Clock } from '@alt-las/time'
import { judgeScan, type Approval } from './approval.ts'
import { startChapters, type Chapters } from './chapters.ts'
import type { Inputs } from './inputs.ts'
import { preflightDenied, preflightPassed, pushed, refused, type PushOutcome } from './outcome.ts'
import { publish } from './blobs/publish.ts'
import { setTags } from './tags/set-tags.ts'
import { nothingDone, withState, type Done } from './state.ts'
import { decideTag, type TagDecision } from './tags/tag-plan.ts'
import { wantedTags, type Facts } from './tags/wanted-tags.ts'

export interface Ports {
  readonly actor: string
  /** What the docker configuration and its helpers know. */
  readonly fromDocker: (registry: string) => Promise<Credentials | null>
  readonly open: (options: RepositoryOptions) => Repository
  readonly facts: Omit<Facts, 'now'>
  readonly clock: Clock
  readonly log: Log
  readonly interrupted: AbortSignal
  /** A signal that is aborted after so many ms. */
  readonly expire: (ms: number) => AbortSignal
}

/** Pushes a scanned layout, or only asks whether that would be allowed. Throws a Failure that says what state is left. */
export async function pushImage(inputs: Inputs, ports: Ports): Promise<PushOutcome> {
  const { interrupted, log } = ports
  const expired = ports.expire(inputs.timeout)
  const done = nothingDone()
  try {
    const { credentials, from } = await chooseCredentials(
      inputs.image.registry,
      { ...inputs, actor: ports.actor },
      ports.fromDocker,
    )
    log.line(`${inputs.image.name}: as known by ${from}`)
    const repository = ports.open({
      at: inputs.image,
      access: 'push',
      credentials,
      attempts: inputs.attempts,
      signal: AbortSignal.any([interrupted, expired]),
      onRetry: log.line,
    })
    const chapters = startChapters(ports)
    if (inputs.operation === 'preflight') return await preflight(inputs, repository, chapters)
    return await push(inputs, { ...ports, repository, chapters, done })
  } catch (error) {
    throw withState(error, { done, interrupted, expired, timeout: inputs.timeout })
  }
}

// Whether the token may write is the whole question here, and a no is its answer.
async function preflight(inputs: Inputs, repository: Repository, chapters: Chapters): Promise<PushOutcome> {
  try {
    await chapters.run('preflight', () => repository.tryWrite())
    return preflightPassed(inputs, chapters.timings)
  } catch (error) {
    const isNo = error instanceof Failure && ['registry-unauthorized', 'registry-denied'].includes(error.code)
    if (!isNo) throw error
    return preflightDenied(inputs, error, chapters.timings)
  }
}

interface Work extends Ports {
  readonly repository: Repository
  readonly chapters: Chapters
  readonly done: Done
}

async function push(inputs: Inputs, work: Work): Promise<PushOutcome> {
  const { repository, chapters, done } = work
  const layout = await chapters.run('verify the layout', () => readLayout(inputs.ociLayout))
  const approval = await readApproval(inputs.scanReport, layout)
  const about = { inputs, layout, approval, timings: chapters.timings }
  if (approval?.kind === 'denied') return refused(about, approval.because)
  await chapters.run('preflight', () => repository.tryWrite())
  const decisions = await chapters.run('plan the tags', () => planTags(inputs, layout, work))
  const refusals = decisions.filter(({ kind }) => kind === 'refuse')
  if (refusals.length > 0)
    return refused(
      about,
      `${refusals.map(({ because }) => because).join('; ')}, this image is ${layout.top.digest}`,
    )
  const options = {
    concurrency: inputs.concurrency,
    siblings: inputs.mountFrom,
    onBlob: () => {
      done.blobs += 1
    },
  }
  const published = await chapters.run('blobs and manifests', () => publish(layout, options, work))
  await chapters.run('tags', () =>
    setTags(decisions, layout, repository, (tag) => {
      done.tags.push(tag)
      work.log.line(`${repository.name}:${tag} points to ${layout.top.digest}`)
    }),
  )
  return pushed(about, published, decisions)
}

async function readApproval(path: string | null, layout: Layout): Promise<Approval | null> {
  if (path === null) return null
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    throw new Failure('no-scan-report', `cannot read scan-report ${path}`, {
      fault: 'input',
      cause: error,
      hint: 'give the output `report` of the scan-trivy step; without it nothing is pushed',
    })
  }
  return judgeScan(text, path, layout.top.digest)
}

async function planTags(inputs: Inputs, layout: Layout, work: Work): Promise<readonly TagDecision[]> {
  const { repository, facts, clock, log } = work
  const wanted = wantedTags(inputs.tags, { ...facts, now: clock.now() })
  if (wanted.length === 0) {
    log.line(`no rule gives a tag for ${facts.ref === '' ? 'this run' : facts.ref}: pushed by digest alone`)
    return []
  }
  const existing = await repository.tags()
  const decisions: TagDecision[] = []
  for (const one of wanted) {
    // The list alone is not believed: some registries show it late.
    const current = await repository.resolve(one.tag)
    const decision = decideTag(one, {
      digest: layout.top.digest,
      current,
      existing,
      isImmutable: inputs.immutable,
    })
    log.line(`${decision.tag}: ${decision.kind}, ${decision.because}`)
    decisions.push(decision)
  }
  return decisions
}
