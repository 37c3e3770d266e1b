import { findBuildx } from './buildx/buildx.ts'
import { conclude, testObjection } from './conclude.ts'
import { parseDockerfile } from './dockerfile/dockerfile.ts'
import { gatherFacts } from './source/facts.ts'
import type { Inputs } from './inputs.ts'
import type { Job } from './job.ts'
import type { Ports } from './ports.ts'
import type { BuildOutcome, BuiltImage, TestRun } from './outcome.ts'
import { judgePractice, type Practice } from './practice/practice.ts'
import { reuse, runBuildOnce, runTests } from './buildx/produce.ts'
import { findSources, type Sources } from './source/sources.ts'
import { judgeFindings, refusals, settle } from './practice/verdict.ts'

/** Source to an OCI layout with one digest: practice rules, reuse of the release's image, tests, build, proof. */
export async function buildImage(inputs: Inputs, ports: Ports): Promise<BuildOutcome> {
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

async function build(job: Job, ports: Ports): Promise<BuildOutcome> {
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

function judge(job: Job, built: BuiltImage, test: TestRun | null): BuildOutcome {
  const all = [...job.practice.findings, ...settle(job.practice.open, built.platforms)]
  const findings = judgeFindings(all, job.inputs)
  const objections = [
    ...(test?.passed === false ? [testObjection(job, test)] : []),
    ...refusals(findings, built.platforms, job.inputs),
  ]
  return conclude(job, { objections, findings, test, built })
}

function readPractice(inputs: Inputs, { text }: Sources): Practice {
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

async function timed<T>(
  name: string,
  { timings }: Job,
  { clock }: Ports,
  work: () => Promise<T>,
): Promise<T> {
  const startedAt = clock.now()
  const result = await work()
  timings.push({ name, startedAt, finishedAt: clock.now() })
  return result
}
