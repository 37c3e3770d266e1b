import { Failure, interruption } from '@alt-las/failure'
import { cloudVariables, tail, type Finished } from '@alt-las/process'
import { classifyMessage, retry } from '@alt-las/time'
import type { TrivyPorts } from '../ports.ts'
import { explain } from './fault.ts'

/** Trivy on this machine. */
export interface Trivy {
  readonly command: string
  readonly version: string
}

export interface TrivyCall {
  /** For messages: `scan of linux/amd64`. */
  readonly what: string
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string>>
  /** Never the checkout: Trivy reads `trivy.yaml` and `.trivyignore` from its working directory. */
  readonly cwd: string
  readonly timeoutMs: number
  readonly attempts: number
}

/** Trivy reads each of its flags from a variable too: those of the job could change the verdict. */
export const withoutSettings = '!TRIVY_*'

const graceMs = 15_000

/** Runs Trivy, again where the error is transient. Throws a Failure whose code names the cause. */
export async function runTrivy(trivy: Trivy, call: TrivyCall, ports: TrivyPorts): Promise<Finished> {
  return retry(
    () => once(trivy, call, ports),
    {
      what: call.what,
      attempts: call.attempts,
      baseMs: 2000,
      classify: (error) =>
        error instanceof Failure ? classifyMessage(error.message) : { isTransient: false },
      onRetry: (line) => {
        ports.log.warn(line)
      },
      signal: ports.interrupted,
    },
    ports.clock,
  ).catch((error: unknown) => {
    throw ports.interrupted.aborted ? stopped(ports.interrupted) : error
  })
}

async function once(
  trivy: Trivy,
  call: TrivyCall,
  { process, log, interrupted: signal }: TrivyPorts,
): Promise<Finished> {
  const run = () =>
    process.run(trivy.command, call.args, {
      cwd: call.cwd,
      env: call.env,
      // Trivy pulls its databases with the credentials of docker and of clouds.
      keep: [...cloudVariables, withoutSettings],
      signal,
      // Trivy's own limit comes first, and its message says more.
      timeoutMs: call.timeoutMs + graceMs,
      onLine: (line, stream) => {
        if (stream === 'stderr' && line.trim() !== '') log.line(line)
      },
    })
  const finished = await log.raw(run)
  if (finished.endedBy === 'abort') throw stopped(signal)
  if (finished.code === 0) return finished
  throw explain(call.what, finished, tail(finished.stderr, 8))
}

/** The state after SIGINT or SIGTERM. */
export function stopped(signal: AbortSignal): Failure<'interrupted'> {
  return interruption(signal, 'the scanner was stopped; there is no verdict')
}
