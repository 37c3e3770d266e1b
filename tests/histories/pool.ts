import { systemProcess } from '@alt-las/process'

/** What became of a piece: its output where it has ended, or that there was no time for it. */
export type PieceVerdict =
  | { readonly kind: 'passed' | 'failed'; readonly output: string; readonly seconds: number }
  | { readonly kind: 'unfinished' }

export interface PoolOptions {
  /** How many at a time. */
  readonly width: number
  /** What is not done by then is ended, or not begun; ms from now. */
  readonly withinMs: number
  /** Of Node, for one of them. */
  readonly argumentsOf: (name: string) => readonly string[]
  readonly ended: (name: string, verdict: PieceVerdict) => void
}

/** Runs each of them in a process of its own. */
export async function pool(names: readonly string[], options: PoolOptions): Promise<readonly PieceVerdict[]> {
  const late = AbortSignal.timeout(options.withinMs)
  const queue = names.values()
  const verdicts: PieceVerdict[] = []
  const worker = async () => {
    for (const name of queue) {
      const verdict = await run(options.argumentsOf(name), late)
      verdicts.push(verdict)
      options.ended(name, verdict)
    }
  }
  await Promise.all(Array.from({ length: options.width }, worker))
  return verdicts
}

async function run(args: readonly string[], late: AbortSignal): Promise<PieceVerdict> {
  const begun = performance.now()
  const { code, stdout, stderr, endedBy } = await systemProcess.run(process.execPath, args, { signal: late })
  if (endedBy === 'abort') return { kind: 'unfinished' }
  const seconds = (performance.now() - begun) / 1000
  return { kind: code === 0 ? 'passed' : 'failed', output: (stdout + stderr).trim(), seconds }
}
