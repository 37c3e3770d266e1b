export interface AskOptions {
  readonly cwd?: string
  /** Added to the child's environment. Secrets belong here or in `stdin`, never in `args`. */
  readonly env?: Readonly<Record<string, string>>
  /** Variables of our environment that the child gets although they look like credentials: `NPM_TOKEN`, or a family `AWS_*`. */
  readonly keep?: readonly string[]
  /** Default 30 s for `ask`, none for `run`. */
  readonly timeoutMs?: number
}

export interface RunOptions extends AskOptions {
  readonly stdin?: string
  /** Of each stream, from its end; default 16 Mi. What was longer begins with the number of omitted characters. */
  readonly keptCharacters?: number
  /** When this aborts the child gets SIGTERM, and SIGKILL 5 s later. */
  readonly signal?: AbortSignal
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

/**
 * Commands as argv, never a shell string. A child gets no input of the action and only its own credentials. Throws Failure
 * `command-not-found` where the command is not on PATH; everything else is a Finished.
 */
export interface Process {
  /** A short question: a version, `buildx inspect`, git. */
  ask(command: string, args: readonly string[], options?: AskOptions): Promise<Finished>
  /** Long work, which can be ended. */
  run(command: string, args: readonly string[], options?: RunOptions): Promise<Finished>
}
