import { spawn, type ChildProcess } from 'node:child_process'
import { Failure } from '@alt-las/failure'

export interface RunOptions {
  readonly cwd?: string
  /** Added to the inherited environment. Secrets belong here or in `stdin`, never in `args`. */
  readonly env?: Readonly<Record<string, string>>
  readonly stdin?: string
  /** When this aborts the child gets SIGTERM, and SIGKILL 5 s later. */
  readonly signal?: AbortSignal
  readonly timeoutMs?: number
  /** Called for each line of stdout and stderr as it comes. */
  readonly onLine?: (line: string, stream: 'stdout' | 'stderr') => void
}

/** Success and failure have one shape: the caller decides what a code means. */
export interface Finished {
  /** null when it was ended by a signal, an abort or the timeout. */
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
  readonly endedBy: 'exit' | 'signal' | 'timeout' | 'abort'
}

/** Never a shell string. Throws Failure `command-not-found` where the command is not on PATH; everything else is a Finished. */
export interface Process {
  run(command: string, args: readonly string[], options?: RunOptions): Promise<Finished>
}

const killAfterMs = 5000

/** Children of this process, directly under node:child_process: @actions/exec cannot end a child (docs/adr). */
export const systemProcess: Process = {
  run: (command, args, options = {}) =>
    new Promise((resolve, reject) => {
      if (options.signal?.aborted === true) {
        resolve({ code: null, stdout: '', stderr: '', endedBy: 'abort' })
        return
      }
      const child = spawn(command, args, {
        ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
        env: { ...process.env, ...options.env },
        stdio: ['pipe', 'pipe', 'pipe'],
      })
      const stdout = collect(child, 'stdout', options.onLine)
      const stderr = collect(child, 'stderr', options.onLine)
      const ending = endOnDemand(child, options)
      child.on('error', (error) => {
        ending.clear()
        reject(cannotStart(command, error))
      })
      child.on('close', (code, signal) => {
        const asked = ending.clear()
        const endedBy = asked ?? (signal === null ? 'exit' : 'signal')
        resolve({ code: asked === null ? code : null, stdout: stdout(), stderr: stderr(), endedBy })
      })
      // A child that exits without reading its stdin is no error of ours: its exit code tells.
      child.stdin.on('error', () => undefined)
      child.stdin.end(options.stdin ?? '')
    }),
}

function collect(child: ChildProcess, name: 'stdout' | 'stderr', onLine: RunOptions['onLine']): () => string {
  const stream = child[name]
  const parts: string[] = []
  let rest = ''
  stream?.setEncoding('utf8')
  stream?.on('data', (text: string) => {
    parts.push(text)
    if (onLine === undefined) return
    const lines = (rest + text).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) onLine(line, name)
  })
  stream?.on('end', () => {
    if (rest !== '') onLine?.(rest, name)
  })
  return () => parts.join('')
}

function endOnDemand(child: ChildProcess, options: RunOptions): { clear(): 'abort' | 'timeout' | null } {
  let asked: 'abort' | 'timeout' | null = null
  let kill: NodeJS.Timeout | undefined
  const end = (why: 'abort' | 'timeout') => {
    asked ??= why
    child.kill('SIGTERM')
    kill ??= setTimeout(() => child.kill('SIGKILL'), killAfterMs)
  }
  const onAbort = () => {
    end('abort')
  }
  const timer = options.timeoutMs === undefined ? undefined : setTimeout(end, options.timeoutMs, 'timeout')
  options.signal?.addEventListener('abort', onAbort, { once: true })
  return {
    clear: () => {
      clearTimeout(timer)
      clearTimeout(kill)
      options.signal?.removeEventListener('abort', onAbort)
      return asked
    },
  }
}

function cannotStart(command: string, error: Error): Failure {
  const missing = 'code' in error && error.code === 'ENOENT'
  return missing
    ? new Failure('command-not-found', `${command} is not on PATH`, {
        fault: 'outside',
        hint: `install ${command} on the runner`,
        cause: error,
      })
    : new Failure('command-not-started', `cannot start ${command}`, { fault: 'outside', cause: error })
}
