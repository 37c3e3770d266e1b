import type { BuildEvidence, BuildOutcome, BuiltImage, TestRun } from './outcome.ts'
import type { PlatformImage } from './image.ts'
import { named, type Job } from './job.ts'
import type { Unjudged } from './practice/rule.ts'
import type { JudgedFinding } from './practice/verdict.ts'

export interface Conclusion {
  readonly objections: readonly string[]
  readonly findings: readonly JudgedFinding[]
  readonly unjudged?: readonly Unjudged[]
  readonly test?: TestRun | null
  readonly built?: BuiltImage
}

/** The outcome of a job: refused if there is any objection. */
export function conclude(
  { inputs, facts }: Job,
  { objections, findings, unjudged = [], test = null, built }: Conclusion,
): BuildOutcome {
  // Without an image, the image rules have no result yet.
  const isJudged = built !== undefined && inputs.practice !== 'off'
  const unusedWaivers = (isJudged ? inputs.practiceWaivers : [])
    .map(({ rule }) => rule)
    .filter((rule) => !findings.some((one) => one.rule === rule))
  const because = [
    objections.length > 0 ? objections.join('; ') : praise(built, test),
    ...doubts(unjudged),
  ].join('; ')
  return {
    kind: objections.length > 0 ? 'refused' : 'passed',
    because,
    subject:
      built === undefined ? { image: inputs.image.name } : { image: built.image, digest: built.digest },
    evidence: {
      revision: facts.revision,
      version: facts.version,
      sourceDateEpoch: facts.epoch,
      releasedAs: built?.releasedAs ?? null,
      layout: built?.layoutPath ?? null,
      platforms: (built?.platforms ?? []).map(evidenceOf),
      test: test === null ? null : testEvidence(test),
      findings,
      unjudged,
    },
    built: built ?? null,
    test,
    findings,
    unjudged,
    unusedWaivers,
    dockerfile: named(facts),
  }
}

/** A platform as the outcome document keeps it. */
export function evidenceOf({
  platform,
  digest,
  size,
  layers,
  config,
}: PlatformImage): BuildEvidence['platforms'][number] {
  const { user, hasHealthcheck, labels } = config
  return {
    ...{ platform, digest, sizeBytes: size, user, hasHealthcheck, labels },
    layers: layers.map((layer) => ({
      digest: layer.digest,
      sizeBytes: layer.size,
      createdBy: layer.createdBy,
    })),
  }
}

export const testEvidence = ({ ms, ...rest }: TestRun) => ({ ...rest, durationMs: ms })

// Unknown is neither yes nor no, so it is reported.
function doubts(unjudged: readonly Unjudged[]): readonly string[] {
  return unjudged.map(
    ({ rule, line, because }) => `${rule} could not be judged at line ${line}, because ${because}`,
  )
}

function praise(built: BuiltImage | undefined, test: TestRun | null): string {
  if (built === undefined) return 'nothing was built'
  const platforms = built.platforms.map(({ platform }) => platform).join(', ')
  const tests = test === null ? '' : `, tests of stage ${test.target} passed`
  const released = built.releasedAs === null ? '' : `; the registry already holds it as ${built.releasedAs}`
  return `built ${built.image} for ${platforms}${tests}${released}`
}

/** A failed test in one sentence. */
export function testObjection(job: Job, test: TestRun): string {
  return `tests failed in stage ${test.target}: ${test.tail.split('\n')[0] ?? ''}${job.inputs.gate === 'enforce' ? ', nothing was built' : ''}`
}
