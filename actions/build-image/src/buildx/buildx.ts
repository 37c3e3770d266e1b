import { stripVTControlCharacters } from 'node:util'
import { Failure, interruption } from '@alt-las/failure'
import type { Finished, Process } from '@alt-las/process'
import type { Log } from '@alt-las/runner'
import { formatDuration, retry, type Clock, type RetryOptions } from '@alt-las/time'
import { describeError, readBuildError, type BuildError } from './build-log.ts'
import { classifyError, isCacheFault, mayBeCacheFault } from './faults.ts'
import { withoutCache, type Plan } from './plan.ts'

/** How buildx is started on this machine. */
export interface Buildx {
  readonly command: string
  readonly prefix: readonly string[]
  /** Its own version: `v0.37.2`. */
  readonly version: string
}

export type BuildResult =
  | { readonly kind: 'built' }
  | { readonly kind: 'broken'; readonly error: BuildError; readonly attempts: number }

export interface RunBuildOptions {
  /** For the log: `build`, `test stage`. */
  readonly what: string
  readonly cwd: string
  /** For the message: the Dockerfile as the user named it. */
  readonly dockerfile: string
  readonly attempts: number
  /** On the monotonic clock. */
  readonly deadline: number
  /** Whether this error ends the tries at once. */
  readonly isFinal?: (error: BuildError) => boolean
}

export interface BuildxPorts {
  readonly process: Process
  readonly clock: Clock
  readonly log: Log
  readonly interrupted: AbortSignal
}

const ways = [
  { command: 'docker', prefix: ['buildx'] },
  { command: 'docker-buildx', prefix: [] },
  { command: 'buildx', prefix: [] },
] as const

/** The docker plugin, else buildx alone. Throws Failure `buildx-missing`. */
export async function findBuildx({ process }: Pick<BuildxPorts, 'process'>): Promise<Buildx> {
  for (const way of ways) {
    const version = await tryVersion(process, way.command, [...way.prefix, 'version'])
    if (version !== null) return { ...way, version }
  }
  throw new Failure('buildx-missing', 'neither docker buildx nor docker-buildx answers on this runner', {
    fault: 'outside',
    hint: 'run docker/setup-buildx-action before this step, or put docker-buildx on PATH',
  })
}

/**
 * Runs one plan until it is built or has failed for good. Transient errors are tried again; a failing cache is left out with a warning.
 * Throws Failure `build-timeout` or `interrupted`.
 */
export async function runBuild(
  buildx: Buildx,
  plan: Plan,
  options: RunBuildOptions,
  ports: BuildxPorts,
): Promise<BuildResult> {
  let current = plan
  let attempts = 0
  const build = async (attempt: number): Promise<void> => {
    attempts = attempt
    const error = await buildOnce(buildx, current, options, ports)
    if (error === null) return
    const bare = withoutCache(current)
    const isSuspect = isCacheFault(error) || mayBeCacheFault(error, attempt >= options.attempts)
    if (!isSuspect || bare.args.length === current.args.length) throw new BrokenBuild(error, options)
    ports.log.warn(
      isCacheFault(error)
        ? `${options.what}: the cache failed; continuing without it: ${error.message}`
        : `${options.what}: failed outside of the Dockerfile, perhaps by its cache; trying without it: ${error.message}`,
    )
    current = bare
    return build(attempt)
  }
  try {
    await retry(build, retryOptions(options, ports), ports.clock)
    return { kind: 'built' }
  } catch (error) {
    if (ports.interrupted.aborted) throw stopped(ports.interrupted)
    const broken = brokenIn(error)
    if (broken === null) throw error
    return { kind: 'broken', error: broken.error, attempts }
  }
}

/** One failed try, as `retry` sees it. */
class BrokenBuild extends Failure<'build-failed'> {
  readonly error: BuildError

  constructor(error: BuildError, { dockerfile }: RunBuildOptions) {
    super('build-failed', describeError(error, dockerfile).split('\n')[0] ?? '', { fault: 'outside' })
    this.error = error
  }
}

function brokenIn(error: unknown): BrokenBuild | null {
  if (error instanceof BrokenBuild) return error
  return error instanceof Failure && error.cause instanceof BrokenBuild ? error.cause : null
}

function retryOptions(
  options: RunBuildOptions,
  { clock, log, interrupted: signal }: BuildxPorts,
): RetryOptions {
  const { what, attempts, deadline, isFinal } = options
  return {
    what,
    attempts,
    baseMs: 2000,
    deadlineMs: deadline - clock.elapsed(),
    classify: (error) => {
      const broken = brokenIn(error)
      if (broken === null || isFinal?.(broken.error) === true) return { isTransient: false }
      return classifyError(broken.error)
    },
    onRetry: log.warn,
    signal,
  }
}

/** null where it was built. */
async function buildOnce(
  buildx: Buildx,
  plan: Plan,
  options: RunBuildOptions,
  ports: BuildxPorts,
): Promise<BuildError | null> {
  const finished = await start(buildx, plan, options, ports)
  return finished.code === 0 ? null : readBuildError(redact(finished.stderr, plan.hidden))
}

async function start(
  buildx: Buildx,
  plan: Plan,
  options: RunBuildOptions,
  ports: BuildxPorts,
): Promise<Finished> {
  const left = options.deadline - ports.clock.elapsed()
  const run = () =>
    ports.process.run(buildx.command, [...buildx.prefix, ...plan.args], {
      cwd: options.cwd,
      env: plan.env,
      keep: plan.keep,
      signal: ports.interrupted,
      timeoutMs: Math.max(1, left),
      onLine: (line) => {
        const plain = redact(stripVTControlCharacters(line), plan.hidden)
        if (plain.trim() !== '') ports.log.line(plain)
      },
    })
  const finished = await ports.log.raw(run)
  if (finished.endedBy === 'abort' || ports.interrupted.aborted) throw stopped(ports.interrupted)
  if (finished.endedBy === 'timeout')
    throw new Failure(
      'build-timeout',
      `${options.what} was stopped at the time limit, ${formatDuration(left)} after its last start`,
      {
        fault: 'outside',
        hint: 'raise timeout, or find the slow step in the log',
      },
    )
  return finished
}

// The runner masks the log, but neither the outcome document nor the summary.
function redact(text: string, hidden: readonly string[]): string {
  return hidden.reduce((rest, secret) => rest.replaceAll(secret, '***'), text)
}

/** The state after SIGINT or SIGTERM. */
export function stopped(signal: AbortSignal): Failure<'interrupted'> {
  return interruption(signal, 'the builder was stopped, no image was written, nothing was pushed')
}

async function tryVersion(
  process: Process,
  command: string,
  args: readonly string[],
): Promise<string | null> {
  try {
    const { code, stdout } = await process.ask(command, args)
    return code === 0 ? (/\bv?\d+\.\d+\.\d+\S*/.exec(stdout)?.[0] ?? stdout.trim()) : null
  } catch (error) {
    if (error instanceof Failure && error.code === 'command-not-found') return null
    throw error
  }
}
