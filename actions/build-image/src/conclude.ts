import type { BuildOutcome, BuiltImage, TestRun } from './outcome.ts'
import { named, type Job } from './job.ts'
import type { JudgedFinding } from './practice/verdict.ts'

export interface Conclusion {
  readonly objections: readonly string[]
  readonly findings: readonly JudgedFinding[]
  readonly test?: TestRun | null
  readonly built?: BuiltImage
}

/** The outcome of a job: refused where anything speaks against it. */
export function conclude(
  { inputs, facts, timings }: Job,
  { objections, findings, test = null, built }: Conclusion,
): BuildOutcome {
  // Before there is an image, the rules that look at it have not spoken yet.
  const isJudged = built !== undefined && inputs.practice !== 'off'
  const unusedWaivers = (isJudged ? inputs.practiceWaivers : [])
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

/** A failed test in one sentence. */
export function testObjection(job: Job, test: TestRun): string {
  return `tests failed in stage ${test.target}: ${test.tail.split('\n')[0] ?? ''}${job.inputs.gate === 'enforce' ? ', nothing was built' : ''}`
}
