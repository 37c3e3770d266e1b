import type { ChildProcess } from 'node:child_process'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { exec } from '@actions/exec'
import { cannotStart } from './cannot-start.ts'
import { childEnvironment } from './environment.ts'
import type { AskOptions, Finished } from './process.ts'

/** Characters of each stream that are kept: a question has a short answer. */
const longestAnswer = 1024 * 1024

/**
 * A short question over @actions/exec, which cannot end a child: at the limit the answer is `timeout`, and the child goes on.
 */
export async function ask(
  command: string,
  args: readonly string[],
  { cwd, env, keep, timeoutMs = 30_000 }: AskOptions = {},
): Promise<Finished> {
  const stdout = collector()
  const stderr = collector()
  const finished = (code: number | null, endedBy: Finished['endedBy']): Finished => ({
    code,
    stdout: stdout.text(),
    stderr: stderr.text(),
    endedBy,
  })
  const settled = ignoreBrokenStdin()
  const answer = exec(quoted(command), [...args], {
    silent: true,
    ignoreReturnCode: true,
    // Closes the child's stdin: otherwise a child that reads it waits for ever.
    input: Buffer.alloc(0),
    env: { ...childEnvironment(process.env, keep), ...env },
    listeners: { stdout: stdout.add, stderr: stderr.add },
    ...(cwd === undefined ? {} : { cwd }),
  }).then(
    // A number by its types; null if a signal ended the child.
    (code: number | null) => finished(code, code === null ? 'signal' : 'exit'),
    (error: Error) => {
      throw cannotStart(command, error)
    },
  )
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<Finished>((resolve) => {
    timer = setTimeout(() => {
      resolve(finished(null, 'timeout'))
    }, timeoutMs)
  })
  return Promise.race([answer, late]).finally(() => {
    settled()
    clearTimeout(timer)
  })
}

// A child that ends at once breaks the pipe to its stdin. @actions/exec does not listen for that error, and it would end this process.
function ignoreBrokenStdin(): () => void {
  const onSpawn = (message: unknown) => {
    const { process: child } = message as { process: ChildProcess }
    // The streams are set after the child is made.
    queueMicrotask(() => child.stdin?.on('error', () => undefined))
  }
  subscribe('child_process', onSpawn)
  return () => unsubscribe('child_process', onSpawn)
}

/** @actions/exec takes a command line and reads words and quotes in it. */
function quoted(command: string): string {
  return `"${command.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`
}

function collector(): { add(data: Buffer): void; text(): string } {
  const parts: Buffer[] = []
  let size = 0
  return {
    add: (data) => {
      if (size >= longestAnswer) return
      parts.push(data.subarray(0, longestAnswer - size))
      size += data.length
    },
    text: () => Buffer.concat(parts).toString('utf8'),
  }
}
