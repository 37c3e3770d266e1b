// A step from its inputs to its exit code: the only try/catch, with the runner behind a port and the facts kept as they come.
import { asFailure, describe } from '@alt-las/failure'
import {
  outcomeSchema,
  toAnnotations,
  toMarkdown,
  write,
  type ActionName,
  type Outcome,
  type OutcomeDocument,
  type Report,
} from '@alt-las/outcome'
import type { Read } from '../inputs/collect.ts'
import { parseOwn, type PeerInputs } from '../inputs/peer-inputs.ts'
import { framed } from './frame.ts'
import { startDraft, type Draft, type Known } from './draft.ts'
import { readEnvironment } from '../environment/environment.ts'
import { secretsIn, type SecretInput } from '../inputs/secret-input.ts'
import { harmlessLine } from '../log/harmless.ts'
import { withoutSecrets } from '../log/hidden.ts'
import { actionsHost, type Host, type Interruption } from './host.ts'
import { chooseService } from '../inputs/service.ts'

/** An action as a value, without the process around it. */
export interface Action<I, O extends Outcome> {
  readonly name: ActionName
  /** Inputs whose values are masked before anything is parsed or printed. */
  readonly secrets?: readonly SecretInput[]
  /** Outputs of a step that ends before its work, such as by bad inputs. */
  readonly outputsAtStart?: Readonly<Record<string, string>>
  /** Inputs of peers that users type by habit, each with the remedy. */
  readonly peerInputs?: PeerInputs
  /** File name of its document, without `.json`, where one action leaves several beside each other. Default: `name`. */
  documentName?(read: Read): string
  parse(read: Read): I
  /** Service of this step: names the folder of its document. */
  serviceOf(inputs: I): string
  /** Throws a Failure if the work could not be done; for an interruption it names the state left. */
  run(inputs: I, step: Step<O['evidence']>): Promise<O>
  /** Outputs beside `outcome`, `because` and `report`, which are set on every path. */
  outputsOf(outcome: O): Readonly<Record<string, string>>
  summarize(outcome: O): Report
}

export interface Step<E = object> {
  /** Aborted at the first signal that asks the process to end. */
  readonly interrupted: AbortSignal
  readonly draft: Draft<E>
}

interface Ending extends Omit<Known, 'results'> {
  readonly kind: OutcomeDocument['outcome']
  readonly because: string
  readonly report: Report
}

/** `temp`: the folder for outcome documents. `now`: milliseconds since 1970. */
export interface RunOptions {
  readonly host: Host
  readonly temp: string
  readonly now: () => number
}

/** The only try/catch around an action and the only exit code: 0 passed (or refused with `gate: report`), else 1. */
export async function runAction<I, O extends Outcome>(
  action: Action<I, O>,
  options: RunOptions = { host: actionsHost, temp: readEnvironment().temp, now: Date.now },
): Promise<void> {
  const { host } = options
  const startedAt = options.now()
  await framed(host, `${action.name}: failed`, async (interruption) => {
    const { ending, service, gate, file } = await run(action, options, interruption)
    const kept = await keep(action.name, clean(ending, host), { ...options, service, startedAt, file })
    if (kept.kind === 'failed' || (kept.kind === 'refused' && gate !== 'report')) host.fail()
    await publish(action.name, kept, host)
  })
}

// A registry, a source of metrics or a step of the build may print the very secret that it was given.
function clean({ subject, timings, because, ...told }: Ending, host: Host): Ending {
  const text = (one: string) => host.clean(one)
  return { ...withoutSecrets(told, text), subject, timings, because: text(because) }
}

interface Done {
  readonly ending: Ending
  readonly service: string
  readonly gate: string
  /** Name of the document. */
  readonly file: string
}

async function run<I, O extends Outcome>(
  action: Action<I, O>,
  { host, now }: RunOptions,
  { signal: interrupted, crashed }: Interruption,
): Promise<Done> {
  const { draft, known } = startDraft<O['evidence']>(now, (name, value) => {
    host.output(name, host.clean(value))
  })
  let service = chooseService({})
  let gate = 'enforce'
  let file: string = action.name
  try {
    draft.output(action.outputsAtStart ?? {})
    const read = host.reader()
    host.mask(secretsIn(read, action.secrets ?? []))
    gate = read('gate')
    file = action.documentName?.(read) ?? action.name
    // A step with invalid inputs is still a failed step of this service.
    service = chooseService({
      service: read('service'),
      image: read('image'),
      deployment: read('deployment'),
    })
    const inputs = parseOwn(read, action.parse, action.peerInputs ?? {})
    service = action.serviceOf(inputs)
    const outcome = await Promise.race([action.run(inputs, { interrupted, draft }), crashed])
    const ending = finished(action, outcome, known())
    return { ending, service: ending.subject.service ?? service, gate, file }
  } catch (error) {
    // The signal's reason is not a defect of the action.
    const because = error === interrupted.reason ? asFailure(error).message : describe(error)
    const ending = failed(action.name, because, known())
    return { ending, service: ending.subject.service ?? service, gate, file }
  }
}

function finished<I, O extends Outcome>(action: Action<I, O>, outcome: O, known: Known): Ending {
  return {
    kind: outcome.kind,
    because: outcome.because,
    subject: { ...known.subject, ...outcome.subject },
    evidence: outcome.evidence,
    timings: outcome.timings ?? known.timings,
    outputs: { ...known.outputs, ...action.outputsOf(outcome) },
    report: action.summarize(outcome),
  }
}

function failed(name: string, because: string, { results, ...known }: Known): Ending {
  const report: Report = {
    ...results,
    title: `${name}: failed`,
    blocks: [{ kind: 'code', language: 'text', text: because }, ...results.blocks],
  }
  return { ...known, kind: 'failed', because, report }
}

interface Keeping extends Pick<Done, 'service' | 'file'> {
  readonly startedAt: number
}

/** Writes the document. The next step depends on it, so the step fails without it, whatever its result. */
async function keep(
  name: ActionName,
  ending: Ending,
  { service, startedAt, temp, now, file }: RunOptions & Keeping,
): Promise<Ending & { readonly path: string }> {
  const { kind, because, subject, timings, evidence } = ending
  const document = {
    schema: outcomeSchema,
    action: name,
    outcome: kind,
    because,
    subject: { ...subject, service },
    startedAt: new Date(startedAt).toISOString(),
    finishedAt: new Date(now()).toISOString(),
    timings,
    evidence,
  } as OutcomeDocument
  try {
    return { ...ending, path: await write(document, { service, file }, temp) }
  } catch (error) {
    const why = `${kind}: ${because}; but the outcome document was not written: ${asFailure(error).message}`
    return { ...failed(name, why, { ...ending, results: ending.report }), path: '' }
  }
}

async function publish(name: string, ending: Ending & { readonly path: string }, host: Host): Promise<void> {
  const { kind, because, path, outputs, report } = ending
  const all = { ...outputs, outcome: kind, because: harmlessLine(because), report: path }
  for (const [key, value] of Object.entries(all)) host.output(key, value)
  const conclusion = { level: 'error', title: `${name}: ${kind}`, message: because } as const
  for (const one of toAnnotations(report, kind === 'passed' ? [] : [conclusion])) host.annotate(one)
  if (kind === 'passed') host.info(`${name}: passed: ${because}`)
  try {
    await host.summary(toMarkdown(report))
  } catch (error) {
    host.annotate({
      level: 'warning',
      message: `the job summary was not written: ${asFailure(error).message}`,
    })
  }
}
