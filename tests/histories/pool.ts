import { spawn } from 'node:child_process'

/** What became of a piece: its output where it has ended, or that there was no time for it. */
export type Verdict =
  | { readonly kind: 'passed' | 'failed'; readonly output: string; readonly seconds: number }
  | { readonly kind: 'unfinished' }

export interface PoolOptions {
  /** How many at a time. */
  readonly width: number
  /** What is not done by then is ended, or not begun; ms from now. */
  readonly withinMs: number
  /** Of Node, for one of them. */
  readonly argumentsOf: (name: string) => readonly string[]
  readonly ended: (name: string, verdict: Verdict) => void
}

/** Runs each of them in a process of its own. */
export async function pool(names: readonly string[], options: PoolOptions): Promise<readonly Verdict[]> {
  const late = AbortSignal.timeout(options.withinMs)
  const queue = names.values()
  const verdicts: Verdict[] = []
  const worker = async () => {
    for (const name of queue) {
      const verdict = late.aborted ? unfinished : await run(options.argumentsOf(name), late)
      verdicts.push(verdict)
      options.ended(name, verdict)
    }
  }
  await Promise.all(Array.from({ length: options.width }, worker))
  return verdicts
}

const unfinished: Verdict = { kind: 'unfinished' }

function run(args: readonly string[], late: AbortSignal): Promise<Verdict> {
  return new Promise((resolve, reject) => {
    const begun = performance.now()
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] })
    const parts: Buffer[] = []
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (part: Buffer) => parts.push(part))
    const end = () => child.kill('SIGKILL')
    late.addEventListener('abort', end, { once: true })
    child.on('error', reject)
    child.on('close', (code) => {
      late.removeEventListener('abort', end)
      const output = Buffer.concat(parts).toString().trim()
      const seconds = (performance.now() - begun) / 1000
      const kind = code === 0 ? 'passed' : 'failed'
      resolve(late.aborted && code === null ? unfinished : { kind, output, seconds })
    })
  })
}
