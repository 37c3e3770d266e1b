import { spawn, type ChildProcess } from 'node:child_process'
import { ask } from './ask.ts'
import { cannotStart } from './cannot-start.ts'
import { childEnvironment } from './environment.ts'
import { collectOutput } from './output.ts'
import type { Process, RunOptions } from './process.ts'

const killAfterMs = 5000

/** `ask` goes over @actions/exec; `run` over node:child_process, since @actions/exec cannot end a child (docs/adr). */
export const systemProcess: Process = {
  ask,
  run: (command, args, options = {}) =>
    new Promise((resolve, reject) => {
      if (options.signal?.aborted === true) {
        resolve({ code: null, stdout: '', stderr: '', endedBy: 'abort' })
        return
      }
      const child = spawn(command, args, {
        ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
        env: { ...childEnvironment(process.env, options.keep), ...options.env },
        stdio: ['pipe', 'pipe', 'pipe'],
      })
      const stdout = collectOutput(
        child.stdout,
        (line) => options.onLine?.(line, 'stdout'),
        options.keptCharacters,
      )
      const stderr = collectOutput(
        child.stderr,
        (line) => options.onLine?.(line, 'stderr'),
        options.keptCharacters,
      )
      const ending = endOnDemand(child, options)
      child.on('error', (error) => {
        ending.clear()
        reject(cannotStart(command, error))
      })
      child.on('close', (code, signal) => {
        const asked = ending.clear()
        const endedBy = asked ?? (signal === null ? 'exit' : 'signal')
        const output = { stdout: stdout.text(), stderr: stderr.text() }
        resolve({ code: asked === null ? code : null, ...output, endedBy })
      })
      // A child may exit without reading its stdin; its exit code decides.
      child.stdin.on('error', () => undefined)
      child.stdin.end(options.stdin ?? '')
    }),
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
