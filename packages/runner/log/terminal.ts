import { randomUUID } from 'node:crypto'
import { harmlessLine, harmlessLines } from './harmless.ts'

interface Stream {
  write(chunk: string | Uint8Array, ...rest: never[]): boolean
}

/** The part of node's process that prints. */
export interface Printing {
  readonly stdout: Stream
  readonly stderr: Stream
  removeAllListeners(event: 'warning'): unknown
  on(event: 'warning', listener: (warning: Error) => void): unknown
}

/** What this process prints, its workflow commands apart from all other text. */
export interface Terminal {
  /** From now on nothing that anybody writes to stdout or stderr is a command, warnings of node included. */
  guard(): void
  /** One line, whatever the text holds. */
  line(text: string): void
  /** The only way for a workflow command; also while commands are stopped. */
  command(issue: () => void): void
  /** Some work during which a tool's own lines are printed: the runner obeys none until it has ended. */
  raw<T>(work: () => Promise<T>): Promise<T>
}

export function createTerminal(node: Printing): Terminal {
  const { stdout, stderr } = node
  let isOurs = false
  let open = 0
  let token = ''
  const ours = (issue: () => void) => {
    isOurs = true
    try {
      issue()
    } finally {
      isOurs = false
    }
  }
  const trusted = (text: string) => {
    ours(() => stdout.write(`${text}\n`))
  }
  const stop = () => {
    // A new one for each use: who has read one in the log must not know the next.
    token = `stop-${randomUUID()}`
    trusted(`::stop-commands::${token}`)
  }
  const resume = () => {
    trusted(`::${token}::`)
  }
  const guarded = (stream: Stream) => {
    const write = stream.write.bind(stream)
    stream.write = (chunk, ...rest) =>
      write(
        isOurs ? chunk : harmlessText(typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString()),
        ...rest,
      )
  }
  return {
    guard: () => {
      guarded(stdout)
      guarded(stderr)
      // Node prints warnings past the streams, and some quote a file.
      node.removeAllListeners('warning')
      node.on('warning', ({ name, message }) => stderr.write(`${harmlessLine(`${name}: ${message}`)}\n`))
    },
    line: (text) => {
      trusted(harmlessLine(text))
    },
    command: (issue) => {
      if (open > 0) resume()
      ours(issue)
      if (open > 0) stop()
    },
    raw: async (work) => {
      open += 1
      if (open === 1) stop()
      try {
        return await work()
      } finally {
        open -= 1
        if (open === 0) resume()
      }
    },
  }
}

function harmlessText(text: string): string {
  // The only command that libraries print: it can say nothing but a line of the debug log.
  if (/^::debug::[^\r\n]*\r?\n$/.test(text)) return text
  const lines = harmlessLines(text)
  return lines.length === 0
    ? text.replace(/[^\n]/g, '')
    : lines.join('\n') + (/[\r\n]$/.test(text) ? '\n' : '')
}
