import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseOf, type OutcomeDocument } from '@alt-las/outcome'
import type { Stack } from '../stack.ts'
import { valuesIn } from '../../../packages/runner/testing/values-in.ts'

const bundle = join(import.meta.dirname, '../../../actions/canary-deploy/dist')

/** The end of one run of the action. */
export interface Ended {
  /** null where a signal ended it. */
  readonly code: number | null
  readonly outputs: Readonly<Record<string, string>>
  readonly document: OutcomeDocument<'canary-deploy'> | null
  /** What a main step leaves for its post step, which gets the same inputs. */
  readonly inputs: Readonly<Record<string, string>>
  readonly kept: Readonly<Record<string, string>>
  readonly log: string
}

/** A run of the bundle as the runner starts it. */
export interface Started {
  readonly ended: Promise<Ended>
  /** Resolves when the log has a line that fits; rejects where the run ends before. */
  said(line: RegExp): Promise<void>
  signal(name: 'SIGINT' | 'SIGTERM' | 'SIGKILL' | 'SIGSTOP' | 'SIGCONT'): void
}

let runs = 0

/** Starts canary-deploy with these inputs, the others have the defaults of action.yml; with what its main step `kept` it is the post step. */
export function startAction(
  stack: Stack,
  inputs: Readonly<Record<string, string>>,
  kept?: Readonly<Record<string, string>>,
): Started {
  const temp = mkdtempSync(join(tmpdir(), 'run-'))
  const given = { kubeconfig: join(stack.home, 'pki/deployer.conf'), ...inputs }
  const env = {
    ...Object.fromEntries(
      Object.entries(given).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]),
    ),
    ...Object.fromEntries(Object.entries(kept ?? {}).map(([name, value]) => [`STATE_${name}`, value])),
    // kubectl, to build kustomizations.
    PATH: `${process.env['PATH'] ?? ''}:${join(stack.home, 'runner-bin')}`,
    HOME: temp,
    RUNNER_TEMP: temp,
    GITHUB_OUTPUT: join(temp, 'outputs'),
    GITHUB_STATE: join(temp, 'state'),
    GITHUB_STEP_SUMMARY: join(temp, 'summary.md'),
    GITHUB_REPOSITORY: 'ALT-LAS/rollouts',
    GITHUB_RUN_ID: String((runs += 1)),
    GITHUB_RUN_ATTEMPT: '1',
  }
  // The runner makes the files; the toolkit only appends.
  for (const file of [env.GITHUB_OUTPUT, env.GITHUB_STATE, env.GITHUB_STEP_SUMMARY]) writeFileSync(file, '')
  const script = join(bundle, kept === undefined ? 'index.js' : 'post/index.js')
  const child = spawn(process.execPath, [script], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  let log = ''
  const listeners = new Set<() => void>()
  const hear = (part: Buffer) => {
    log += part.toString()
    for (const one of listeners) one()
  }
  child.stdout.on('data', hear)
  child.stderr.on('data', hear)
  const ended = new Promise<Ended>((resolve) => {
    child.on('close', (code) => {
      const outputs = valuesAt(env.GITHUB_OUTPUT)
      const kept = valuesAt(env.GITHUB_STATE)
      resolve({ code, outputs, document: documentAt(outputs['report']), inputs, kept, log })
    })
  })
  return {
    ended,
    said: (line) =>
      new Promise((resolve, reject) => {
        const look = () => {
          if (!line.test(log)) return
          listeners.delete(look)
          resolve()
        }
        listeners.add(look)
        look()
        void ended.then(() => {
          reject(new Error(`the run ended before it said ${line}:\n${log.slice(-3000)}`))
        })
      }),
    signal: (name) => {
      child.kill(name)
    },
  }
}

function documentAt(path: string | undefined): Ended['document'] {
  return path === undefined || !existsSync(path)
    ? null
    : parseOf('canary-deploy', readFileSync(path, 'utf8'), path)
}

/** `name<<delimiter`, the value, `delimiter`: as the toolkit writes them. */
function valuesAt(file: string): Readonly<Record<string, string>> {
  return existsSync(file) ? valuesIn(readFileSync(file, 'utf8')) : {}
}
