import { findBuilderPlatform } from './buildx/builder-platform.ts'
import { findBuildx, stopped, type Buildx } from './buildx/buildx.ts'
import { conclude, evidenceOf, testEvidence, testObjection } from './conclude.ts'
import { parseDockerfile } from './dockerfile/dockerfile.ts'
import { namesBuilder } from './dockerfile/platform.ts'
import { gatherFacts } from './source/facts.ts'
import type { Inputs } from './inputs.ts'
import type { Job } from './job.ts'
import type { Ports } from './ports.ts'
import type { BuildOutcome, BuiltImage, TestRun } from './outcome.ts'
import { judgeBefore, judgeBuilt, judgeRefused, type PracticeOptions } from './practice/practice.ts'
import { runBuildOnce, runTests } from './buildx/build.ts'
import { findReleased, releaseTags } from './reuse/reuse.ts'
import { findSources } from './source/sources.ts'
import { judgeFindings, refusals, type JudgedFinding } from './practice/verdict.ts'

/** Source to an OCI layout with one digest: practice rules, reuse of the release's image, tests, build, proof. */
export async function buildImage(inputs: Inputs, ports: Ports): Promise<BuildOutcome> {
  const deadline = ports.clock.elapsed() + inputs.timeout
  if (inputs.image.changed)
    ports.log.line(`image: lower-cased to ${inputs.image.name}, registries accept nothing else`)
  ports.draft.about({ image: inputs.image.name })
  const sources = await findSources(inputs, ports.environment.workspace, ports)
  const facts = await gatherFacts(inputs, sources, ports)
  const job: Job = { inputs, facts, dockerfile: parseDockerfile(sources.text), deadline }
  const practice = [job.dockerfile, practiceOptions(job, ports), inputs.platforms] as const
  const certain = judgeFindings(judgeBefore(...practice), inputs)
  ports.draft.record({
    revision: facts.revision,
    version: facts.version,
    sourceDateEpoch: facts.epoch,
    findings: certain,
  })
  // With `gate: report` the image is built anyway: later steps need it.
  if (refusals(certain, [], inputs).length > 0 && inputs.gate === 'enforce') {
    const findings = judgeFindings(judgeRefused(...practice), inputs)
    return conclude(job, { objections: refusals(findings, [], inputs), findings })
  }
  return build(job, ports)
}

async function build(job: Job, ports: Ports): Promise<BuildOutcome> {
  const buildx = await findBuildx(ports)
  ports.log.line(`builder: ${[buildx.command, ...buildx.prefix].join(' ')} ${buildx.version}`)
  const { testTarget, gate } = job.inputs
  const { draft } = ports
  const test =
    testTarget === null ? null : await draft.timed('test', () => runTests(job, testTarget, buildx, ports))
  draft.record({ test: test === null ? null : testEvidence(test) })
  if (test?.passed === false && gate === 'enforce')
    return conclude(job, {
      objections: [testObjection(job, test)],
      findings: certainFindings(job, ports),
      test,
    })
  const built = await draft.timed('build', () => runBuildOnce(job, buildx, ports))
  draft.about({ image: built.image, digest: built.digest })
  draft.record({ layout: built.layoutPath, platforms: built.platforms.map(evidenceOf) })
  const releasedAs = await draft.timed('released', () => releasedTag(job, built, ports))
  const builderPlatform = await findPlatform(job, buildx, ports)
  return judge(job, ports, { built: { ...built, releasedAs }, test, builderPlatform })
}

// Few Dockerfiles depend on it.
async function findPlatform(
  { inputs, dockerfile }: Job,
  buildx: Buildx,
  { process }: Ports,
): Promise<string | null> {
  const isNamed = inputs.practice !== 'off' && dockerfile.instructions.some(({ rest }) => namesBuilder(rest))
  return isNamed ? findBuilderPlatform(buildx, inputs.builder, process) : null
}

async function releasedTag({ inputs }: Job, { digest }: BuiltImage, ports: Ports): Promise<string | null> {
  const tags = inputs.reuse === 'off' ? [] : releaseTags(ports.environment)
  if (tags.length === 0) return null
  // Opened by the first tag: a repository that cannot be opened is a warning of the lookup.
  let opened: ReturnType<Ports['openReleases']> | null = null
  const source = {
    name: inputs.image.name,
    resolve: async (tag: string) =>
      (await (opened ??= ports.openReleases(inputs, ports.interrupted))).resolve(tag),
  }
  const found = await findReleased(digest, tags, source, ports.log)
  if (ports.interrupted.aborted) throw stopped(ports.interrupted)
  return found
}

interface Built {
  readonly built: BuiltImage
  readonly test: TestRun | null
  readonly builderPlatform: string | null
}

function judge(job: Job, ports: Ports, { built, test, builderPlatform }: Built): BuildOutcome {
  const options = { ...practiceOptions(job, ports), builderPlatform }
  const practice = judgeBuilt(job.dockerfile, options, built.platforms)
  const findings = judgeFindings(practice.findings, job.inputs)
  const unjudged = job.inputs.practice === 'off' ? [] : practice.unjudged
  const objections = [
    ...(test?.passed === false ? [testObjection(job, test)] : []),
    ...refusals(findings, built.platforms, job.inputs),
  ]
  return conclude(job, { objections, findings, unjudged, test, built })
}

function certainFindings(job: Job, ports: Ports): readonly JudgedFinding[] {
  return judgeFindings(
    judgeBefore(job.dockerfile, practiceOptions(job, ports), job.inputs.platforms),
    job.inputs,
  )
}

function practiceOptions({ inputs }: Job, { variable }: Ports): PracticeOptions {
  const { target, testTarget } = inputs
  const buildArgs = inputs.buildArgs.flatMap(({ key, value }) => {
    const given = value ?? variable(key)
    return given === undefined ? [] : [[key, given] as const]
  })
  const contexts = inputs.buildContexts.map(({ key, value }) => [key, value] as const)
  const named = { buildArgs: new Map(buildArgs), contexts: new Map(contexts) }
  return { target, testTarget, builderPlatform: null, ...named }
}
