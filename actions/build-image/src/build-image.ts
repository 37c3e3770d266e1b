import { join, relative } from 'node:path'
import { Failure } from '@alt-las/failure'
import type { Timing } from '@alt-las/report'
import { readLayout } from '@alt-las/registry'
import type { Environment } from '@alt-las/runner'
import { describeError, type BuildError } from './build-log.ts'
import { findBuildx, interrupted, runBuild, type Buildx, type BuildxPorts } from './buildx.ts'
import { commitTime } from './commit-time.ts'
import { parseDockerfile } from './dockerfile.ts'
import { isStepFailure } from './heal.ts'
import { platformImages } from './image.ts'
import type { BuildInputs } from './inputs.ts'
import type { BuildOutcome, BuiltImage, TestRun } from './outcome.ts'
import { planBuild, planTest, type PlanFacts } from './plan.ts'
import { judgePractice, type Practice } from './practice.ts'
import { releaseTags, restore, type ReleaseSource } from './reuse.ts'
import { findSources, type Sources, type SourcePorts } from './sources.ts'
import { judgeFindings, refusals, settle, type JudgedFinding } from './verdict.ts'

export interface BuildPorts extends BuildxPorts, SourcePorts {
  readonly environment: Environment
  /** The repository where releases are, for reading. Throws a Failure where no credentials can be had. */
  readonly openReleases: (inputs: BuildInputs, signal: AbortSignal) => Promise<ReleaseSource>
}

interface Job {
  readonly inputs: BuildInputs
  readonly facts: PlanFacts
  readonly practice: Practice
  readonly deadline: number
  readonly timings: Timing[]
}

/** Source to an OCI layout with one digest: practice rules, reuse of the release's image, tests, build, proof. */
export async function buildImage(inputs: BuildInputs, ports: BuildPorts): Promise<BuildOutcome> {
  const deadline = ports.clock.elapsed() + inputs.timeout
  if (inputs.image.changed)
    ports.log.line(`image: lower-cased to ${inputs.image.name}, registries accept nothing else`)
  const sources = await findSources(inputs, ports.environment.workspace, ports)
  const facts = await gatherFacts(inputs, sources, ports)
  const job: Job = { inputs, facts, practice: readPractice(inputs, sources), deadline, timings: [] }
  const early = judgeFindings(job.practice.findings, inputs)
  const objections = refusals(early, [], inputs)
  // With `gate: report` the image is built all the same: the steps after this one need it.
  if (objections.length > 0 && inputs.gate === 'enforce')
    return conclude(job, { objections, findings: early })
  const reused = await timed('reuse', job, ports, () => reuse(job, ports))
  return reused === null ? build(job, ports) : judge(job, reused, null)
}

async function build(job: Job, ports: BuildPorts): Promise<BuildOutcome> {
  const buildx = await findBuildx(ports)
  ports.log.line(`builder: ${[buildx.command, ...buildx.prefix].join(' ')} ${buildx.version}`)
  const test =
    job.inputs.testTarget === '' ? null : await timed('test', job, ports, () => runTests(job, buildx, ports))
  if (test?.passed === false && job.inputs.gate === 'enforce')
    return conclude(job, {
      objections: [testObjection(job, test)],
      findings: judgeFindings(job.practice.findings, job.inputs),
      test,
    })
  const built = await timed('build', job, ports, () => runBuildOnce(job, buildx, ports))
  return judge(job, built, test)
}

async function judge(job: Job, built: BuiltImage, test: TestRun | null): Promise<BuildOutcome> {
  const all = [...job.practice.findings, ...settle(job.practice.open, built.platforms)]
  const findings = judgeFindings(all, job.inputs)
  const objections = [
    ...(test?.passed === false ? [testObjection(job, test)] : []),
    ...refusals(findings, built.platforms, job.inputs),
  ]
  return Promise.resolve(conclude(job, { objections, findings, test, built }))
}

async function gatherFacts(inputs: BuildInputs, sources: Sources, ports: BuildPorts): Promise<PlanFacts> {
  const { workspace, sha, refType, refName, serverUrl, repository } = ports.environment
  const epoch =
    inputs.sourceDateEpoch === 'commit'
      ? await commitTime(workspace, sha, ports.process)
      : inputs.sourceDateEpoch
  const own = await ports.files.workspace()
  return {
    workspace,
    dockerfile: sources.dockerfile,
    epoch,
    revision: sha,
    source: repository === '' ? '' : `${serverUrl}/${repository}`,
    version: refType === 'tag' ? refName.replace(/^v(?=\d)/, '') : refName,
    layoutPath: join(own, 'layout'),
    metadataPath: join(own, 'metadata.json'),
  }
}

function readPractice(inputs: BuildInputs, { text }: Sources): Practice {
  const judged = judgePractice(parseDockerfile(text), {
    target: inputs.target,
    testTarget: inputs.testTarget,
    buildArgs: new Map(
      inputs.buildArgs.flatMap(({ key, value }) => (value === null ? [] : [[key, value] as const])),
    ),
    contexts: new Map(inputs.buildContexts.map(({ key, value }) => [key, value])),
  })
  return judged ?? { findings: [], open: [] }
}

async function reuse({ inputs, facts }: Job, ports: BuildPorts): Promise<BuiltImage | null> {
  const tags = inputs.reuse ? releaseTags(ports.environment) : []
  if (tags.length === 0) return null
  const source = await ports.openReleases(inputs, ports.interrupted)
  for (const tag of tags) {
    const layoutPath = `${facts.layoutPath}-of-${tag}`
    const wanted = { tag, revision: facts.revision, platforms: inputs.platforms, layoutPath }
    const found = await restore(wanted, source, ports.log).catch((error: unknown) => {
      throw ports.interrupted.aborted ? interrupted() : error
    })
    if (!found) continue
    ports.log.line(`reused: ${source.name}:${tag} already holds this commit`)
    return describeLayout(inputs, layoutPath, { reusedFrom: tag, metadata: {} })
  }
  return null
}

async function runTests(
  { inputs, facts, deadline }: Job,
  buildx: Buildx,
  ports: BuildPorts,
): Promise<TestRun> {
  const begun = ports.clock.elapsed()
  const target = inputs.testTarget
  // A test that fails is an answer, whatever its log says of the network: it is never tried again.
  const isFinal = (error: BuildError) => isStepFailure(error) && error.step?.stage === target.toLowerCase()
  const options = {
    what: `test stage ${target}`,
    cwd: facts.workspace,
    dockerfile: named(facts),
    attempts: inputs.attempts,
    deadline,
    isFinal,
  }
  const result = await ports.log.chapter(`Test stage ${target}`, () =>
    runBuild(buildx, planTest(inputs, facts), options, ports),
  )
  const ms = ports.clock.elapsed() - begun
  if (result.kind === 'built') return { target, passed: true, ms, tail: '', line: null }
  if (!isFinal(result.error)) throw broken(`test stage ${target} could not be run`, result.error, facts)
  return {
    target,
    passed: false,
    ms,
    tail: describeError(result.error, named(facts)),
    line: result.error.line,
  }
}

async function runBuildOnce(
  { inputs, facts, deadline }: Job,
  buildx: Buildx,
  ports: BuildPorts,
): Promise<BuiltImage> {
  const options = {
    what: 'build',
    cwd: facts.workspace,
    dockerfile: named(facts),
    attempts: inputs.attempts,
    deadline,
  }
  const result = await ports.log.chapter('Build', () =>
    runBuild(buildx, planBuild(inputs, facts), options, ports),
  )
  if (result.kind === 'broken') throw broken('the build failed', result.error, facts)
  const metadata = await readMetadata(facts.metadataPath, ports)
  const built = await describeLayout(inputs, facts.layoutPath, { reusedFrom: null, metadata })
  const told = metadata['containerimage.digest']
  if (told !== built.digest)
    throw new Failure(
      'digest-mismatch',
      `the builder says ${String(told)}, the layout it wrote holds ${built.digest}`,
      {
        fault: 'outside',
        hint: 'use a builder whose exporter writes oci layouts (docker-container, remote or kubernetes driver)',
      },
    )
  return built
}

async function describeLayout(
  inputs: BuildInputs,
  layoutPath: string,
  origin: Pick<BuiltImage, 'reusedFrom' | 'metadata'>,
): Promise<BuiltImage> {
  const layout = await readLayout(layoutPath)
  const platforms = await platformImages(layout)
  const { digest } = layout.top
  return { layoutPath, digest, image: `${inputs.image.name}@${digest}`, platforms, ...origin }
}

async function readMetadata(path: string, { files }: BuildPorts): Promise<Readonly<Record<string, unknown>>> {
  try {
    return JSON.parse(await files.read(path)) as Record<string, unknown>
  } catch (error) {
    throw new Failure(
      'digest-missing',
      'the builder ended well but wrote no metadata, so its digest is not known',
      {
        fault: 'outside',
        cause: error,
      },
    )
  }
}

function broken(what: string, error: BuildError, facts: PlanFacts): Failure {
  return new Failure('build-failed', `${what}: ${describeError(error, named(facts))}`, { fault: 'outside' })
}

function testObjection(job: Job, test: TestRun): string {
  return `tests failed in stage ${test.target}: ${test.tail.split('\n')[0] ?? ''}${job.inputs.gate === 'enforce' ? ', nothing was built' : ''}`
}

function named({ workspace, dockerfile }: PlanFacts): string {
  return relative(workspace, dockerfile)
}

interface Conclusion {
  readonly objections: readonly string[]
  readonly findings: readonly JudgedFinding[]
  readonly test?: TestRun | null
  readonly built?: BuiltImage
}

function conclude(
  { inputs, facts, timings }: Job,
  { objections, findings, test = null, built }: Conclusion,
): BuildOutcome {
  const unusedWaivers = inputs.practiceWaivers
    .map(({ rule }) => rule)
    .filter((rule) => !findings.some((one) => one.rule === rule))
  const because = objections.length > 0 ? objections.join('; ') : praise(built, test)
  return {
    kind: objections.length > 0 ? 'refused' : 'passed',
    because,
    subject:
      built === undefined ? { image: inputs.image.name } : { image: built.image, digest: built.digest },
    timings,
    evidence: {
      revision: facts.revision,
      version: facts.version,
      sourceDateEpoch: facts.epoch,
      reusedFrom: built?.reusedFrom ?? null,
      layout: built?.layoutPath ?? null,
      platforms: built?.platforms ?? [],
      test,
      findings,
    },
    built: built ?? null,
    test,
    findings,
    unusedWaivers,
    dockerfile: named(facts),
  }
}

function praise(built: BuiltImage | undefined, test: TestRun | null): string {
  if (built === undefined) return 'nothing was built'
  const platforms = built.platforms.map(({ platform }) => platform).join(', ')
  if (built.reusedFrom !== null)
    return `${built.image} of this very commit was already released as ${built.reusedFrom} and is used again`
  return `built ${built.image} for ${platforms}${test === null ? '' : `, tests of stage ${test.target} passed`}`
}

async function timed<T>(
  name: string,
  { timings }: Job,
  { clock }: BuildPorts,
  work: () => Promise<T>,
): Promise<T> {
  const startedAt = clock.now()
  const result = await work()
  timings.push({ name, startedAt, finishedAt: clock.now() })
  return result
}
