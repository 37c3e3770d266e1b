import { spawn, type ChildProcess } from 'node:child_process'
import { appendFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { readable } from '../base/duration.ts'
import { tool, type Lab } from '../base/lab.ts'
import { lines } from '../base/run.ts'
import { runnerEnvironment, secretsOf, variablesOf } from './environment.ts'
import { readLine, type RunEvent } from './events.ts'
import { prepareRun, type Prepared } from './prepare.ts'
import { renderer } from './render.ts'
import { requestOf, runPath, writeStatus, type RunRequest } from './run-folder.ts'
import { drawTimeline, timeline } from './timeline.ts'

/** Runs one workflow from beginning to end and writes its log, summary, timeline and status. */
export async function executeRun(lab: Lab, run: number, interrupted: AbortSignal): Promise<void> {
  const startedAt = new Date().toISOString()
  const begun = lab.clock.now()
  const request = requestOf(lab, run)
  const log = (text: string): void => {
    appendFileSync(runPath(lab, run, 'log.txt'), `${text}\n`)
  }
  const events: RunEvent[] = []
  let result: 'success' | 'failure' = 'failure'
  let needs: Prepared['needs'] = {}
  try {
    log(`${request.repository} ${request.ref} (${request.sha.slice(0, 12)}): ${request.workflow}`)
    const prepared = await prepareRun(lab, run)
    needs = prepared.needs
    const child = await startRunner(lab, run, { request, prepared })
    interrupted.addEventListener('abort', () => child.kill('SIGINT'), { once: true })
    result = (await listen(child, record(lab, run, { begun, events, log }))) === 0 ? 'success' : 'failure'
  } catch (error) {
    log(error instanceof Error ? error.message : String(error))
  }
  const took = lab.clock.now() - begun
  const jobs = timeline(events, needs)
  writeSummary(lab, run, events)
  log(
    [
      '',
      ...drawTimeline(jobs),
      '',
      `${result} in ${readable(took)}; summary: ${runPath(lab, run, 'summary.md')}`,
    ].join('\n'),
  )
  rmSync(secretsFile(lab, run), { force: true })
  rmSync(runPath(lab, run, 'cache'), { recursive: true, force: true })
  writeStatus(lab, run, {
    result,
    startedAt,
    finishedAt: new Date().toISOString(),
    seconds: took / 1000,
    jobs,
  })
}

const secretsFile = (lab: Lab, run: number): string => runPath(lab, run, 'secrets.yml')

async function startRunner(
  lab: Lab,
  run: number,
  what: { readonly request: RunRequest; readonly prepared: Prepared },
): Promise<ChildProcess> {
  const { request, prepared } = what
  const environment = runnerEnvironment(lab, run, request)
  // JSON is YAML: values with many lines arrive whole. The file is for root only and goes when the run ends.
  const secrets = await secretsOf(lab, run, request)
  writeFileSync(secretsFile(lab, run), JSON.stringify(secrets), { mode: 0o600 })
  writeFileSync(runPath(lab, run, 'variables.yml'), JSON.stringify(await variablesOf(lab, request)))
  writeFileSync(runPath(lab, run, 'environment.yml'), JSON.stringify(pick(environment, /^GITHUB_/)))
  const args = [
    request.event,
    '--workflows',
    prepared.workflow,
    '--directory',
    prepared.workspace,
    '--eventpath',
    prepared.event,
    '--platform',
    'ubuntu-latest=-self-hosted',
    '--secret-file',
    secretsFile(lab, run),
    '--var-file',
    runPath(lab, run, 'variables.yml'),
    '--env-file',
    runPath(lab, run, 'environment.yml'),
    '--actor',
    'lab',
    '--no-cache-server',
    '--artifact-server-addr',
    '127.0.0.1',
    '--json',
    ...prepared.repositories.flatMap((one) => ['--local-repository', one]),
  ]
  const inNamespace = join(import.meta.dirname, 'in-namespace.sh')
  const own = ['--mount', '--propagation', 'private', '--', 'sh', inNamespace, prepared.hosts]
  return spawn('unshare', [...own, tool(lab, 'act'), ...args], {
    cwd: prepared.workspace,
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
}

const pick = (record: Readonly<Record<string, string>>, pattern: RegExp): Record<string, string> =>
  Object.fromEntries(Object.entries(record).filter(([name]) => pattern.test(name)))

function record(
  lab: Lab,
  run: number,
  to: { readonly begun: number; readonly events: RunEvent[]; readonly log: (text: string) => void },
): (line: string) => void {
  const render = renderer()
  return (line) => {
    const at = lab.clock.now() - to.begun
    const event = readLine(line, at)
    if (event === null) return
    // Output is in the log file; in memory only what the timeline and the summary need.
    if (event.kind !== 'output') to.events.push(event)
    appendFileSync(runPath(lab, run, 'log.jsonl'), `${JSON.stringify(event)}\n`)
    for (const text of render(event)) to.log(text)
  }
}

async function listen(child: ChildProcess, each: (line: string) => void): Promise<number> {
  child.stdout?.on('data', lines(each))
  child.stderr?.on('data', lines(each))
  return await new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => {
      resolve(code ?? 1)
    })
  })
}

/** The page that GitHub shows under a run: every step's summary in the order in which they were written. */
function writeSummary(lab: Lab, run: number, events: readonly RunEvent[]): void {
  const parts = events.flatMap((event) =>
    event.kind === 'summary' ? [`<!-- ${event.job}/${event.step} -->\n${event.text.trim()}\n`] : [],
  )
  writeFileSync(runPath(lab, run, 'summary.md'), parts.join('\n'))
}
