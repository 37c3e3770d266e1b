import { spawn } from 'node:child_process'
import type { Check, Verdict } from './check.ts'

export interface PlayOptions {
  readonly root: string
  readonly print: (line: string) => void
  /** Milliseconds that are left for all checks together. */
  readonly leftMs: number
  /** Called at the deadline, while everything still stands as it hangs; it ends by itself. */
  readonly late: () => Promise<void>
  /** Between SIGTERM and SIGKILL. */
  readonly graceMs?: number
  /** Ends the check at once. */
  readonly interrupted: AbortSignal
}

/** Runs a check to its end, or to its deadline: then it goes with everything that it has started. */
export async function play(check: Check, options: PlayOptions): Promise<Verdict> {
  const { root, print, leftMs, late, graceMs = 10_000, interrupted } = options
  const begun = performance.now()
  // A process group of its own: what it has started ends with it.
  const child = spawn(process.execPath, check.args, {
    cwd: root,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let last = ''
  const hear = lines((line) => {
    if (line !== '') last = line
    print(line)
  })
  child.stdout.on('data', hear)
  child.stderr.on('data', hear)
  const ended = new Promise<number | null>((resolve) => {
    child.on('error', () => {
      resolve(null)
    })
    // Not `close`: something that it has left behind may hold its output open.
    child.on('exit', (code) => {
      setTimeout(resolve, 100, code)
    })
  })
  const stop = () => {
    signal(child.pid, 'SIGTERM')
  }
  interrupted.addEventListener('abort', stop)
  const code = await within(ended, Math.min(check.minutes * 60_000, leftMs))
  interrupted.removeEventListener('abort', stop)
  const seconds = (performance.now() - begun) / 1000
  if (code === 'late') {
    print(`${check.name} did not end within ${seconds.toFixed(0)} s`)
    await late()
    signal(child.pid, 'SIGTERM')
    await within(ended, graceMs)
  }
  signal(child.pid, 'SIGKILL')
  child.stdout.destroy()
  child.stderr.destroy()
  if (code === 'late') return { check, kind: 'late', seconds, passed: 0, failed: 1 }
  const counted = /^[\w-]+: (\d+) passed, (\d+) failed$/.exec(last)
  const passed = counted === null ? Number(code === 0) : Number(counted[1])
  const failed = counted === null ? Number(code !== 0) : Math.max(Number(counted[2]), Number(code !== 0))
  return { check, kind: code === 0 ? 'passed' : 'failed', seconds, passed, failed }
}

async function within<T>(work: Promise<T>, milliseconds: number): Promise<T | 'late'> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(resolve, milliseconds, 'late')
  })
  return await Promise.race([work, late]).finally(() => {
    clearTimeout(timer)
  })
}

function signal(pid: number | undefined, name: NodeJS.Signals): void {
  if (pid === undefined) return
  try {
    process.kill(-pid, name)
  } catch {
    // The whole group has ended.
  }
}

/** Cuts a stream of chunks into lines; the rest of a line waits for the next chunk. */
function lines(each: (line: string) => void): (chunk: Buffer) => void {
  let rest = ''
  return (chunk) => {
    const parts = (rest + chunk.toString()).split('\n')
    rest = parts.pop() ?? ''
    for (const part of parts) each(part)
  }
}
