import { Failure } from '@alt-las/failure'
import { readLayout } from '@alt-las/registry'
import { describeError, type BuildError } from './build-log.ts'
import { runBuild, type BuildResult, type Buildx } from './buildx.ts'
import { isStepFailure } from './faults.ts'
import { platformImages } from '../image.ts'
import type { Inputs } from '../inputs.ts'
import { named, type Job } from '../job.ts'
import type { Ports } from '../ports.ts'
import type { BuiltImage, TestRun } from '../outcome.ts'
import { planBuild, planTest, type PlanFacts } from './plan.ts'

/** Runs the test stage. A failing test is an answer; every other error is a Failure `build-failed`. */
export async function runTests(
  { inputs, facts, deadline }: Job,
  target: string,
  buildx: Buildx,
  ports: Ports,
): Promise<TestRun> {
  const begun = ports.clock.elapsed()
  // A failing test is an answer, whatever its log says about the network. It is never tried again.
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
    runBuild(buildx, planTest(inputs, facts, target), options, ports),
  )
  const ms = ports.clock.elapsed() - begun
  if (result.kind === 'built') return { target, passed: true, ms, tail: '', line: null }
  if (!isFinal(result.error)) throw broken(`test stage ${target} could not be run`, result, facts)
  return {
    target,
    passed: false,
    ms,
    tail: describeError(result.error, named(facts)),
    line: result.error.line,
  }
}

/** Builds, and compares the digests of builder and layout. Throws Failure `build-failed`, `digest-missing` or `digest-mismatch`. */
export async function runBuildOnce(
  { inputs, facts, deadline }: Job,
  buildx: Buildx,
  ports: Ports,
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
  if (result.kind === 'broken') throw broken('the build failed', result, facts)
  const metadata = await readMetadata(facts.metadataPath, ports)
  const built = await describeLayout(inputs, facts.layoutPath, metadata)
  const told = metadata['containerimage.digest']
  if (told !== built.digest)
    throw new Failure('digest-mismatch', `the builder reports ${told}, the layout holds ${built.digest}`, {
      fault: 'outside',
      hint: 'use a builder whose exporter writes oci layouts (docker-container, remote or kubernetes driver)',
    })
  return built
}

async function describeLayout(
  inputs: Inputs,
  layoutPath: string,
  metadata: BuiltImage['metadata'],
): Promise<BuiltImage> {
  const layout = await readLayout(layoutPath)
  const platforms = await platformImages(layout, { isJudged: inputs.practice !== 'off' })
  const { digest } = layout.top
  return {
    layoutPath,
    digest,
    image: `${inputs.image.name}@${digest}`,
    platforms,
    metadata,
    releasedAs: null,
  }
}

/** With the whole provenance. */
const maxMetadataBytes = 64 * 1024 * 1024

async function readMetadata(path: string, { files }: Ports): Promise<Readonly<Record<string, unknown>>> {
  try {
    return JSON.parse(await files.readNamed(path, maxMetadataBytes)) as Record<string, unknown>
  } catch (error) {
    throw new Failure(
      'digest-missing',
      'the builder succeeded but wrote no metadata, so the digest of the image is unknown',
      {
        fault: 'outside',
        cause: error,
      },
    )
  }
}

function broken(what: string, { error, attempts }: Broken, facts: PlanFacts): Failure {
  const tries = attempts > 1 ? ` after ${attempts} tries` : ''
  return new Failure('build-failed', `${what}${tries}: ${describeError(error, named(facts))}`, {
    fault: 'outside',
  })
}

type Broken = Extract<BuildResult, { kind: 'broken' }>
