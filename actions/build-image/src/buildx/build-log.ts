/** The failed step of a build, from buildx's plain progress output. */
export interface FailedStep {
  /** `[test 3/3] RUN node --test`, or what BuildKit did instead: `exporting cache to registry`. */
  readonly name: string
  /** The stage of the step; null for BuildKit's own steps. */
  readonly stage: string | null
  /** Its last output lines. */
  readonly tail: string
}

export interface BuildError {
  /** buildx's last error line, `failed to solve: …`; '' without one. */
  readonly message: string
  readonly step: FailedStep | null
  /** 1-based line of the Dockerfile. */
  readonly line: number | null
}

const shownLines = 25

/** Finds the failed step and its line in the plain log of a build. */
export function readBuildError(log: string): BuildError {
  const lines = log.split('\n').map((line) => line.trimEnd())
  const message = lines.findLast((line) => /^(?:ERROR|error): /i.test(line))?.replace(/^error: /i, '') ?? ''
  // `Dockerfile:14` stands above a rule of dashes; a line of a test's output that looks alike does not.
  const position = lines.findLast(
    (line, at) => /^\S.*:\d+$/.test(line) && /^-{20}$/.test(lines[at + 1] ?? ''),
  )
  return {
    message,
    step: failedStep(lines),
    line: position === undefined ? null : Number(position.slice(position.lastIndexOf(':') + 1)),
  }
}

/** The error as one block of text for a person. */
export function describeError(error: BuildError, dockerfile: string): string {
  const place = error.line === null ? '' : ` at ${dockerfile}:${error.line}`
  const step = error.step === null ? '' : `${error.step.name}${place}: `
  const tail = error.step === null || error.step.tail === '' ? '' : `\n${error.step.tail}`
  return `${step}${shorten(error.message) || 'the builder gave no reason'}${tail}`
}

function failedStep(lines: readonly string[]): FailedStep | null {
  const vertex = lines.findLast((line) => /^#\d+ ERROR: /.test(line) && !line.endsWith(': context canceled'))
  const number = /^#(\d+)/.exec(vertex ?? '')?.[1]
  if (number === undefined) return null
  const own = lines
    .filter((line) => line.startsWith(`#${number} `))
    .map((line) => line.slice(number.length + 2))
  const name = own[0] ?? ''
  const output = own.flatMap((line) => /^\d+\.\d+ (.*)$/.exec(line)?.[1] ?? [])
  return { name, stage: stageOf(name), tail: output.slice(-shownLines).join('\n') }
}

// `[test 3/3] RUN …`, with several platforms `[linux/arm64 test 3/3] RUN …`, without a name `[stage-1 2/4]`.
function stageOf(name: string): string | null {
  return /^\[(?:\S+\/\S+ )?(\S+) +\d+\/\d+\]/.exec(name)?.[1]?.toLowerCase() ?? null
}

// The command itself is already in the step's name.
function shorten(message: string): string {
  return message
    .replace(/^(?:failed to build: )?failed to solve: /, '')
    .replace(/^process ".*" did not complete successfully: /s, 'ended with ')
}
