// A step of a job as a runner starts it: the action's main.ts with its real adapters, in a process of its own.
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { micromark } from 'micromark'
import { gfm, gfmHtml } from 'micromark-extension-gfm'
import { parse as readYaml } from 'yaml'
import { parse, type ActionName, type OutcomeDocument } from '@alt-las/outcome'
import { asCompared } from '../../packages/runner/testing/obeyed.ts'
import { valuesIn } from '../../packages/runner/testing/values-in.ts'

export interface StepOptions {
  readonly inputs: Readonly<Record<string, string>>
  readonly env?: Readonly<Record<string, string>>
  /** A folder of programs that come before all others. */
  readonly programs?: string
  /** The source, or the bundle that users get. */
  readonly entry?: 'src/main.ts' | 'dist/index.js'
}

/** A finished step: what the runner, the next job and a person see of it. */
export interface Step {
  readonly code: number | null
  /** stdout and stderr, in the order in which they came. */
  readonly log: string
  readonly outputs: Readonly<Record<string, string>>
  readonly summary: string
  readonly document: OutcomeDocument | null
}

export async function runStep(
  action: ActionName,
  { inputs, env, programs, entry = 'src/main.ts' }: StepOptions,
): Promise<Step> {
  const temp = mkdtempSync(join(tmpdir(), 'hostile '))
  const at = (name: string) => join(temp, name)
  for (const name of ['outputs', 'summary', 'state']) writeFileSync(at(name), '')
  const child = spawn(process.execPath, ['--no-warnings', join(folderOf(action), entry)], {
    env: {
      PATH: [programs, '/usr/local/bin', '/usr/bin', '/bin'].filter((one) => one !== undefined).join(':'),
      HOME: temp,
      RUNNER_TEMP: temp,
      GITHUB_WORKSPACE: temp,
      GITHUB_OUTPUT: at('outputs'),
      GITHUB_STEP_SUMMARY: at('summary'),
      GITHUB_STATE: at('state'),
      GITHUB_REF: 'refs/tags/v1.2.3',
      ...env,
      ...Object.fromEntries(
        Object.entries({ ...defaultsOf(action), ...inputs }).map(([name, value]) => [
          `INPUT_${name.toUpperCase()}`,
          value,
        ]),
      ),
    },
  })
  let log = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (text: Buffer) => (log += text.toString()))
  const code = await new Promise<number | null>((done) => child.on('close', done))
  const outputs = valuesIn(readFileSync(at('outputs'), 'utf8'))
  const report = outputs['report'] ?? ''
  const document = existsSync(report) ? parse(readFileSync(report, 'utf8'), report) : null
  return { code, log, outputs, summary: readFileSync(at('summary'), 'utf8'), document }
}

const folderOf = (action: ActionName) => join(import.meta.dirname, '../../actions', action)

/** The inputs that a runner fills in. */
export function defaultsOf(action: ActionName): Readonly<Record<string, string>> {
  const { inputs } = readYaml(readFileSync(join(folderOf(action), 'action.yml'), 'utf8')) as {
    readonly inputs: Readonly<Record<string, { readonly default?: string }>>
  }
  return Object.fromEntries(
    Object.entries(inputs).map(([name, input]) => [name, String(input.default ?? '')]),
  )
}

/** Ours: masks, groups, and the conclusion as an annotation. */
const own = ['add-mask', 'group', 'endgroup', 'error', 'warning', 'notice']

/** Commands in the log that a runner would obey and that are not ours, and masks of the word `passed`, which would hide a verdict. */
export function obeyed({ log }: Step): readonly string[] {
  let token: string | null = null
  const commands: string[] = []
  for (const line of log.split(/\r\n|\r|\n/)) {
    const seen = asCompared(line)
    const [, name = '', text = ''] = /^::([\w-]+)[^:]*::(.*)$/.exec(seen) ?? []
    if (token !== null) {
      if (name === token) token = null
      continue
    }
    if (name === 'stop-commands') token = text
    else if ((name !== '' && !own.includes(name)) || (name === 'add-mask' && text === 'passed'))
      commands.push(line)
    if (seen.includes('##[')) commands.push(line)
  }
  return commands
}

/** Links, images and tags that a browser would get of a summary. */
export function liveMarkup({ summary }: Step): readonly string[] {
  const html = micromark(summary, {
    extensions: [gfm()],
    htmlExtensions: [gfmHtml()],
    allowDangerousHtml: true,
  })
  return [...html.matchAll(/<(?:a|img|script)\b[^>]*>/g)].map(([tag]) => tag)
}
