import { appendFile, mkdir, mkdtemp, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as core from '@actions/core'
import { describe } from '@alt-las/failure'
import {
  outcomeSchema,
  toMarkdown,
  type Annotation,
  type Evidence,
  type Outcome,
  type OutcomeDocument,
  type Report,
  type Subject,
} from '@alt-las/outcome'
import { listen, mask, reader } from './around.ts'
import type { Read } from './collect.ts'
import { readEnvironment } from './environment.ts'

/** An action as a value: everything but the process around it. */
export interface Action<I, O extends Outcome> {
  readonly name: string
  /** Inputs whose values are masked before anything is parsed or printed. */
  readonly secrets?: readonly string[]
  parse(read: Read): I
  /** Throws a Failure where the work could not be done; an interruption is a Failure that says what state is left. */
  run(inputs: I, interrupted: AbortSignal): Promise<O>
  /** Outputs beside `outcome`, `because` and `report`, which are set on every path. */
  outputs(outcome: O): Readonly<Record<string, string>>
  report(outcome: O): Report
}

interface Ending {
  readonly kind: OutcomeDocument['outcome']
  readonly because: string
  readonly subject: Subject | null
  readonly evidence: Evidence
  readonly timings: OutcomeDocument['timings']
  readonly outputs: Readonly<Record<string, string>>
  readonly report: Report
}

/** The only try/catch around an action and the only exit code: 0 passed (or refused with `gate: report`), else 1. */
export async function runAction<I, O extends Outcome>(action: Action<I, O>): Promise<void> {
  const startedAt = new Date().toISOString()
  const interruption = listen()
  let gate = 'enforce'
  const ending = await (async () => {
    try {
      const read = reader()
      for (const name of action.secrets ?? []) mask(read(name))
      gate = read('gate')
      const outcome = await action.run(action.parse(read), interruption.signal)
      return finished(action, outcome)
    } catch (error) {
      return failed(action.name, describe(error))
    }
  })()
  interruption.stop()
  await tell(action.name, ending, startedAt)
  if (ending.kind === 'failed' || (ending.kind === 'refused' && gate !== 'report')) process.exitCode = 1
}

function finished<I, O extends Outcome>(action: Action<I, O>, outcome: O): Ending {
  return {
    kind: outcome.kind,
    because: outcome.because,
    subject: outcome.subject ?? null,
    evidence: outcome.evidence ?? {},
    timings: outcome.timings ?? [],
    outputs: action.outputs(outcome),
    report: action.report(outcome),
  }
}

function failed(name: string, because: string): Ending {
  const report: Report = {
    title: `${name}: failed`,
    blocks: [{ kind: 'code', language: 'text', text: because }],
  }
  return { kind: 'failed', because, subject: null, evidence: {}, timings: [], outputs: {}, report }
}

async function tell(name: string, ending: Ending, startedAt: string): Promise<void> {
  const path = await writeDocument(name, ending, startedAt)
  const outputs = { outcome: ending.kind, because: ending.because, report: path, ...ending.outputs }
  for (const [key, value] of Object.entries(outputs)) core.setOutput(key, value)
  for (const annotation of ending.report.annotations ?? []) annotate(annotation)
  if (ending.kind === 'passed') core.info(`${name}: passed: ${ending.because}`)
  else core.error(ending.because, { title: `${name}: ${ending.kind}` })
  await summarise(toMarkdown(ending.report))
}

/** The summary is for people: where it cannot be written the outcome stands all the same, and the log says so. */
async function summarise(markdown: string): Promise<void> {
  const path = process.env['GITHUB_STEP_SUMMARY'] ?? ''
  if (path === '') return
  try {
    await appendFile(path, `${markdown}\n`)
  } catch (error) {
    core.warning(`the job summary was not written: ${describe(error)}`)
  }
}

async function writeDocument(name: string, ending: Ending, startedAt: string): Promise<string> {
  const root = join(readEnvironment().temp, 'alt-las')
  await mkdir(root, { recursive: true })
  const path = join(await mkdtemp(join(root, `${name}-`)), 'outcome.json')
  const document: OutcomeDocument = {
    schema: outcomeSchema,
    action: name,
    outcome: ending.kind,
    because: ending.because,
    subject: ending.subject,
    startedAt,
    finishedAt: new Date().toISOString(),
    timings: ending.timings,
    evidence: ending.evidence,
  }
  await writeFile(path, JSON.stringify(document, null, 2) + '\n')
  return path
}

function annotate({ level, message, title, file, line }: Annotation): void {
  const properties = {
    ...(title === undefined ? {} : { title }),
    ...(file === undefined ? {} : { file }),
    ...(line === undefined ? {} : { startLine: line }),
  }
  core[level](message, properties)
}
