import { stripVTControlCharacters } from 'node:util'
import { Failure } from '@alt-las/failure'
import type { Finished, Process } from '@alt-las/process'
import type { Log } from '@alt-las/runner'
import { formatDuration, type Clock } from '@alt-las/time'
import { describeError, readBuildError, type BuildError } from './build-log.ts'
import { isTransientError, isCacheFault } from './heal.ts'
import { withoutCache, type Plan } from './plan.ts'

/** How buildx is started on this machine. */
export interface Buildx {
  readonly command: string
  readonly prefix: readonly string[]
  /** As it names itself: `v0.37.2`. */
  readonly version: string
}

export type BuildResult = { readonly kind: 'built' } | { readonly kind: 'broken'; readonly error: BuildError }

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
 * Runs one plan until it is built or broken for good: what the network broke is tried again, a cache that fails is left out with a warning.
 * Throws Failure `build-timeout` or `interrupted`.
 */
export async function runBuild(
  buildx: Buildx,
  plan: Plan,
  options: RunBuildOptions,
  ports: BuildxPorts,
): Promise<BuildResult> {
  let current = plan
  for (let attempt = 1; ;) {
    const finished = await start(buildx, current, options, ports)
    if (finished.code === 0) return { kind: 'built' }
    const error = readBuildError(redact(finished.stderr, plan.hidden))
    const bare = withoutCache(current)
    if (isCacheFault(error) && bare.args.length < current.args.length) {
      ports.log.warn(`${options.what}: the cache failed, going on without it: ${error.message}`)
      current = bare
      continue
    }
    if (options.isFinal?.(error) === true || !isTransientError(error) || attempt >= options.attempts)
      return { kind: 'broken', error }
    attempt += 1
    const first = describeError(error, options.dockerfile).split('\n')[0] ?? ''
    ports.log.warn(`${options.what}: ${first}; try ${String(attempt)} of ${String(options.attempts)}`)
    await pause(attempt, ports)
  }
}

async function start(
  buildx: Buildx,
  plan: Plan,
  options: RunBuildOptions,
  ports: BuildxPorts,
): Promise<Finished> {
  const left = options.deadline - ports.clock.elapsed()
  const finished = await ports.process.run(buildx.command, [...buildx.prefix, ...plan.args], {
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
  if (finished.endedBy === 'abort' || ports.interrupted.aborted) throw interrupted()
  if (finished.endedBy === 'timeout')
    throw new Failure(
      'build-timeout',
      `${options.what} was stopped at the time limit, ${formatDuration(left)} after its last start`,
      {
        fault: 'outside',
        hint: 'raise timeout, or see in the log which step takes so long',
      },
    )
  return finished
}

// The runner masks the log; the outcome document and the summary are not masked by anybody.
function redact(text: string, hidden: readonly string[]): string {
  return hidden.reduce((rest, secret) => rest.replaceAll(secret, '***'), text)
}

async function pause(attempt: number, { clock, interrupted: signal }: BuildxPorts): Promise<void> {
  try {
    await clock.sleep(Math.min(20_000, 1000 * 2 ** (attempt - 1)), signal)
  } catch {
    throw interrupted()
  }
}

/** What is left after SIGINT or SIGTERM. */
export function interrupted(): Failure<'interrupted'> {
  return new Failure(
    'interrupted',
    'interrupted: the builder was stopped, no image was written, nothing was pushed',
    {
      fault: 'outside',
    },
  )
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
