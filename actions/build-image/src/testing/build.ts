import { cp, mkdir, mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { maskable } from '@alt-las/secrets'
import { runFiles, startDraft, type Environment } from '@alt-las/runner'
import type { Finished } from '@alt-las/process'
import {
  fakeClock,
  fakeProcess,
  readerFor,
  silentLog,
  writeLayout,
  type LayoutSpec,
  type Script,
} from '@alt-las/testing'
import { parse, type Inputs } from '../inputs.ts'
import type { BuildEvidence } from '../outcome.ts'
import type { Ports } from '../ports.ts'
import type { ReleaseSource } from '../reuse/reuse.ts'

/** Buildx's answer to one kind of run. */
export type Answer = Partial<Finished> | (() => Partial<Finished> | Promise<Partial<Finished>>)

export interface Scene {
  readonly dockerfile?: string
  readonly inputs?: Readonly<Record<string, string>>
  /** Of the test stage's run, of the build's runs in order; the last one stays. Without it, all is well. */
  readonly test?: Answer
  readonly builds?: readonly Answer[]
  readonly layout?: LayoutSpec
  /** Digest in the metadata file; by default the layout's. null: no file. */
  readonly told?: string | null
  readonly releases?: ReleaseSource
  readonly environment?: Partial<Environment>
  /** Git's answer; null: it fails. */
  readonly committedAt?: string | null
  /** What `buildx inspect` says. */
  readonly inspected?: string
  readonly buildx?: Script
}

export const pinned = `node@sha256:${'a'.repeat(64)}`
export const goodDockerfile = `FROM ${pinned} AS base\nUSER 65532\nHEALTHCHECK CMD ["true"]\nCMD ["node"]\n`

/** The configuration that BuildKit makes of `goodDockerfile`. */
export const goodConfig = { User: '65532', Healthcheck: { Test: ['CMD', 'true'] }, Cmd: ['node'] }

/** A checkout on disk with fake git and buildx: a build writes a real layout. */
export async function scene(setting: Scene = {}) {
  const root = await mkdtemp(join(tmpdir(), 'build image '))
  const environment = {
    ...emptyEnvironment,
    workspace: join(root, 'work'),
    temp: join(root, 'temp'),
    ...setting.environment,
  }
  await mkdir(environment.workspace, { recursive: true })
  await writeFile(join(environment.workspace, 'Dockerfile'), setting.dockerfile ?? goodDockerfile)
  const clock = fakeClock()
  const log = silentLog()
  const masked: string[] = []
  const { draft, known } = startDraft<BuildEvidence>(clock.now)
  const interruption = new AbortController()
  let builds = 0
  const process = fakeProcess(async (run) => {
    if (run.command === 'git')
      return setting.committedAt === null
        ? { code: 128 }
        : { stdout: commitOf(setting.committedAt ?? '1767225600') }
    if (run.args.includes('version')) return { stdout: 'github.com/docker/buildx v0.37.2 abc\n' }
    if (run.args.includes('inspect')) return { stdout: setting.inspected ?? '' }
    if (setting.buildx !== undefined) return setting.buildx(run)
    if (run.args.includes('type=cacheonly')) return play(setting.test)
    const answer = await play(setting.builds?.[Math.min(builds++, setting.builds.length - 1)])
    if ((answer.code ?? 0) === 0 && answer.endedBy === undefined) await writeResult(run.args, setting)
    return answer
  })
  const inputs: Inputs = parse(
    readerFor(new URL('../../action.yml', import.meta.url), {
      image: 'ghcr.io/alt-las/x',
      ...setting.inputs,
    }),
  )
  const ports: Ports = {
    process,
    clock,
    log,
    files: runFiles('build-image', environment),
    variable: (name) => (name === 'SET' ? 'value-of-SET' : undefined),
    hide: (texts) => masked.push(...maskable(texts)),
    environment,
    openReleases: () => Promise.resolve(setting.releases ?? noReleases),
    interrupted: interruption.signal,
    draft,
  }
  return { inputs, ports, process, clock, log, known, masked, interruption, root }
}

function commitOf(time: string): string {
  return `tree ${'0'.repeat(40)}\nauthor A <a@b.c> 1 +0000\ncommitter A <a@b.c> ${time} +0100\n\ncommitter x <y> 7 +0000\n`
}

const noReleases: ReleaseSource = { name: 'ghcr.io/alt-las/x', resolve: () => Promise.resolve(null) }

async function play(answer: Answer | undefined): Promise<Partial<Finished>> {
  return typeof answer === 'function' ? answer() : (answer ?? {})
}

async function writeResult(args: readonly string[], { layout, told }: Scene): Promise<void> {
  const after = (flag: string) => args[args.indexOf(flag) + 1] ?? ''
  const written = await writeLayout({ config: goodConfig, ...layout })
  const to = /dest=([^",]+)/.exec(after('--output'))?.[1] ?? ''
  await mkdir(dirname(to), { recursive: true })
  await cp(written.path, to, { recursive: true })
  if (told !== null)
    await writeFile(
      after('--metadata-file'),
      JSON.stringify({ 'containerimage.digest': told ?? written.digest }),
    )
}

const emptyEnvironment: Environment = {
  temp: '',
  workspace: '',
  repository: 'ALT-LAS/delivery',
  sha: 'c0ffee',
  ref: 'refs/tags/v1.2.3',
  refName: 'v1.2.3',
  refType: 'tag',
  eventName: 'push',
  runId: '1',
  runAttempt: '1',
  actor: 'me',
  serverUrl: 'https://github.com',
  dockerConfig: '',
}
