import { existsSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Lab } from './base/lab.ts'
import { alone } from './base/lock.ts'
import { realClock, logTo } from './base/log.ts'
import { parseCommand, usage, type Command } from './command.ts'
import { down } from './down.ts'
import { bringUpExtra } from './extras.ts'
import { receive } from './git/receive.ts'
import { product } from './git/repository.ts'
import { dispatch, release } from './release.ts'
import { restartNode } from './restart-node.ts'
import { executeRun } from './runner/execute.ts'
import { cancel } from './runner/cancel.ts'
import { logs, status } from './status.ts'
import { setTraffic, usualRate } from './traffic/traffic.ts'
import { up } from './up.ts'

const print = (text: string): void => {
  process.stdout.write(text)
}
// Git sets variables for its hooks that would lead our own git commands astray.
const environment = Object.fromEntries(
  Object.entries(process.env).flatMap(([name, value]) =>
    value === undefined || name.startsWith('GIT_DIR') || name === 'GIT_QUARANTINE_PATH'
      ? []
      : [[name, value]],
  ),
)

const lab: Lab = {
  repository: dirname(dirname(fileURLToPath(import.meta.url))),
  home: process.env['ALT_LAS_LAB_HOME'] ?? '/var/lib/alt-las-lab',
  cache: join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'alt-las-lab'),
  print,
  log: logTo(print, realClock),
  clock: realClock,
  environment,
}

try {
  if (!(await perform(parseCommand(process.argv.slice(2))))) process.exitCode = 1
} catch (error) {
  lab.log(error instanceof Error ? error.message : String(error))
  process.exitCode = 1
}

async function perform(command: Command): Promise<boolean> {
  switch (command.kind) {
    case 'help':
      print(`${usage}\n`)
      return true
    case 'default':
      return await firstRelease()
    case 'up':
      await up(lab)
      return true
    case 'extra':
      await bringUpExtra(lab, command.name)
      return true
    case 'down':
      await alone(lab, () => down(lab))
      return true
    case 'restart-node':
      await alone(lab, () => restartNode(lab))
      return true
    case 'status':
      return status(lab)
    case 'logs':
      logs(lab, command.part)
      return true
    case 'traffic':
      await setTraffic(lab, command.rate)
      return true
    case 'cancel':
      return await cancel(lab, command.run)
    case 'release':
      return await release(lab, {
        ...command,
        from: resolve(command.from ?? lab.repository),
        repository: command.repository ?? product,
      })
    case 'dispatch':
      return await dispatch(lab, command)
    case 'receive':
      await receive(
        lab,
        { repository: command.repository, variables: pushedVariables() },
        existsSync('/dev/stdin') ? readFileSync(0, 'utf8') : '',
      )
      return true
    case 'execute':
      await executeRun(lab, command.run, interruption())
      return true
  }
}

/** The newcomer's command. Users come when there is something to use: the next release is judged by them. */
async function firstRelease(): Promise<boolean> {
  await up(lab)
  const request = { tag: 'v1.0.0', from: lab.repository, repository: product, variables: {} }
  const isGreen = await release(lab, request)
  if (isGreen) await setTraffic(lab, usualRate)
  return isGreen
}

/** `release --var` hands its variables to the hook; a plain git push has none. */
function pushedVariables(): Readonly<Record<string, string>> {
  return JSON.parse(process.env['ALT_LAS_LAB_VARIABLES'] ?? '{}') as Record<string, string>
}

function interruption(): AbortSignal {
  const controller = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      controller.abort()
    })
  }
  return controller.signal
}
