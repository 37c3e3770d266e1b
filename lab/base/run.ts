import { spawn } from 'node:child_process'

export interface Finished {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

export interface RunOptions {
  readonly cwd?: string
  readonly env?: Readonly<Record<string, string>>
  readonly input?: string
  readonly onLine?: (line: string) => void
}

/** Runs a program without a shell. Never throws for an exit code: -1 means that it could not be started or was killed. */
export async function run(
  command: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<Finished> {
  return await new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: options.cwd,
      env: options.env,
      stdio: ['pipe', 'pipe', 'pipe'],
    })
    const out: Buffer[] = []
    const err: Buffer[] = []
    const line = lines(options.onLine ?? (() => undefined))
    child.stdout.on('data', (chunk: Buffer) => {
      out.push(chunk)
      line(chunk)
    })
    child.stderr.on('data', (chunk: Buffer) => {
      err.push(chunk)
      line(chunk)
    })
    // A program that ends before it has read its input is judged by its exit code, not by the broken pipe.
    child.stdin.on('error', () => undefined)
    child.stdin.end(options.input ?? '')
    child.on('error', (error) => {
      resolve({ code: -1, stdout: '', stderr: error.message })
    })
    child.on('close', (code) => {
      resolve({
        code: code ?? -1,
        stdout: Buffer.concat(out).toString(),
        stderr: Buffer.concat(err).toString(),
      })
    })
  })
}

/** As `run`, but an exit code other than 0 is an Error with the tail of its output. Returns its stdout. */
export async function must(
  command: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<string> {
  const finished = await run(command, args, options)
  if (finished.code === 0) return finished.stdout
  const tail = (finished.stderr.trim() || finished.stdout.trim()).split('\n').slice(-12).join('\n')
  throw new Error(`${[command, ...args].join(' ').slice(0, 300)}: exit code ${finished.code}\n${tail}`)
}

/** Cuts a stream of chunks into lines; what has no line end yet waits for the next chunk. */
export function lines(each: (line: string) => void): (chunk: Buffer) => void {
  let rest = ''
  return (chunk) => {
    const parts = (rest + chunk.toString()).split('\n')
    rest = parts.pop() ?? ''
    for (const part of parts) each(part)
  }
}
