/** What the runner's log says, line by line, in the words of a workflow. Times are milliseconds since the run began. */
export type RunEvent =
  | { readonly kind: 'step-began'; readonly at: number; readonly job: string; readonly step: string }
  | {
      readonly kind: 'step-ended'
      readonly at: number
      readonly job: string
      readonly step: string
      readonly result: string
      readonly took: number
    }
  | { readonly kind: 'job-ended'; readonly at: number; readonly job: string; readonly result: string }
  | {
      readonly kind: 'output'
      readonly at: number
      readonly job: string
      readonly step: string
      readonly text: string
    }
  | {
      readonly kind: 'group'
      readonly at: number
      readonly job: string
      readonly step: string
      readonly title: string
    }
  | { readonly kind: 'group-ended'; readonly at: number; readonly job: string; readonly step: string }
  | {
      readonly kind: 'annotation'
      readonly at: number
      readonly job: string
      readonly step: string
      readonly level: string
      readonly text: string
    }
  | {
      readonly kind: 'summary'
      readonly at: number
      readonly job: string
      readonly step: string
      readonly text: string
    }
  | { readonly kind: 'runner'; readonly at: number; readonly level: string; readonly text: string }

interface Entry {
  readonly level?: string
  readonly msg?: string
  readonly jobID?: string
  readonly job?: string
  readonly matrix?: Readonly<Record<string, unknown>> | null
  readonly step?: string
  readonly stepID?: readonly string[]
  readonly stage?: string
  readonly stepResult?: string | number
  readonly executionTime?: number
  readonly jobResult?: string
  readonly command?: string
  readonly arg?: string
  readonly kvPairs?: Readonly<Record<string, string>> | null
  readonly content?: string
  readonly raw_output?: boolean
}

/** One line of the runner's JSON log; null for irrelevant lines. */
export function readLine(line: string, at: number): RunEvent | null {
  const entry = parse(line)
  if (entry === null) return line.trim() === '' ? null : { kind: 'runner', at, level: 'info', text: line }
  const text = (entry.msg ?? '').replace(/\r?\n$/, '')
  if (entry.jobID === undefined) return chatter(entry, at, text)
  const job = titleOf(entry)
  if (entry.jobResult !== undefined) return { kind: 'job-ended', at, job, result: entry.jobResult }
  const where = { at, job, step: stepOf(entry) }
  if (entry.raw_output === true) return { kind: 'output', ...where, text }
  if (entry.command !== undefined) return command(entry, where)
  // The steps within a composite action are part of it; only the runner's own steps begin and end.
  if ((entry.stepID?.length ?? 0) > 1 || isHousekeeping(entry)) return null
  if (entry.stepResult !== undefined && entry.executionTime !== undefined) {
    return {
      kind: 'step-ended',
      ...where,
      result: resultOf(entry.stepResult),
      took: entry.executionTime / 1e6,
    }
  }
  if (text.includes('⭐ Run')) return { kind: 'step-began', ...where }
  return chatter(entry, at, `[${job}] ${text.trim()}`)
}

/** `build (api-gateway)`: the job's name in the workflow and its values of the matrix. */
function titleOf(entry: Entry): string {
  const values = Object.values(entry.matrix ?? {}).map(String)
  return values.length === 0 ? (entry.jobID ?? '') : `${entry.jobID ?? ''} (${values.join(', ')})`
}

/** The step's name without the commit that an action is pinned to; what runs before or after the steps says so. */
function stepOf(entry: Entry): string {
  const whole = (entry.step ?? '').replace(/@[0-9a-f]{40}$/, '').split('\n')[0] ?? ''
  const name = whole.length > 48 ? `${whole.slice(0, 47)}…` : whole
  return entry.stage === undefined || entry.stage === 'Main' ? name : `${entry.stage} ${name}`
}

const isHousekeeping = (entry: Entry): boolean =>
  entry.stage !== 'Main' ||
  ['Set up job', 'Complete job'].includes(entry.step ?? '') ||
  (entry.step ?? '').startsWith('actions/checkout@')

// The runner's log gives a step's result by name or by its place in its own list.
const resultOf = (result: string | number): string =>
  typeof result === 'string' ? result : (['success', 'failure', 'skipped'][result] ?? 'unknown')

function command(
  entry: Entry,
  where: { readonly at: number; readonly job: string; readonly step: string },
): RunEvent | null {
  const text = entry.arg ?? ''
  switch (entry.command) {
    case 'group':
      return { kind: 'group', ...where, title: text }
    case 'endgroup':
      return { kind: 'group-ended', ...where }
    case 'error':
    case 'warning':
    case 'notice': {
      const { file, line, title } = entry.kvPairs ?? {}
      const place = file === undefined ? '' : ` (${file}${line === undefined ? '' : `:${line}`})`
      return {
        kind: 'annotation',
        ...where,
        level: entry.command,
        text: `${title === undefined ? '' : `${title}: `}${text}${place}`,
      }
    }
    case 'summary':
      return { kind: 'summary', ...where, text: entry.content ?? '' }
    default:
      return null
  }
}

function chatter(entry: Entry, at: number, text: string): RunEvent | null {
  const level = entry.level ?? 'info'
  return ['error', 'fatal', 'warning'].includes(level) &&
    text.trim() !== '' &&
    !text.includes('docker connection')
    ? { kind: 'runner', at, level, text }
    : null
}

function parse(line: string): Entry | null {
  try {
    const value: unknown = JSON.parse(line)
    return typeof value === 'object' && value !== null ? (value as Entry) : null
  } catch {
    return null
  }
}
