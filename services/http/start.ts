import { readFileSync } from 'node:fs'
import type { Dependency } from './dependency.ts'
import { settings, type Environment } from './environment.ts'
import { log, type Log } from './log.ts'
import type { Route } from './route.ts'
import { serve } from './serve.ts'

export interface Blueprint<Settings> {
  readonly name: string
  readonly read: (environment: Environment) => Settings
  readonly compose: (settings: Settings, log: Log) => Composed
}

export interface Composed {
  readonly routes: readonly Route[]
  readonly dependencies: readonly Dependency[]
  /** Lines of `/metrics` that only this service has. */
  readonly exposes?: () => readonly string[]
  /** Lets go of pools and queues, once the last request has been answered. */
  readonly release?: () => Promise<void>
}

/**
 * The life of a service's process: settings, serving, and on SIGTERM or SIGINT an orderly end with exit code 0. Settings that
 * cannot be used end it at once with code 1 and one line that names them all.
 */
export async function start<Settings>(
  { name, read, compose }: Blueprint<Settings>,
  variables: Readonly<Record<string, string | undefined>>,
): Promise<void> {
  const identity = { service: name, ...stamp() }
  const written = log(
    identity,
    (line) => process.stdout.write(line),
    () => new Date().toISOString(),
  )
  try {
    const common = settings(variables, (environment) => ({ ...floor(environment), own: read(environment) }))
    const { release, ...composed } = compose(common.own, written)
    const running = await serve(
      { identity, imageDigest: common.imageDigest, log: written, ...composed },
      common.port,
    )
    written.info(`got ${await signalled()}`)
    await running.stop(common)
    await release?.()
    process.exit(0)
  } catch (cause) {
    written.error('cannot go on', { error: cause instanceof Error ? cause.message : String(cause) })
    process.exit(1)
  }
}

function floor(environment: Environment) {
  return {
    port: environment.whole('PORT', { min: 0, max: 65535, fallback: 8080 }),
    drainMs: 1000 * environment.whole('DRAIN_SECONDS', { min: 0, max: 300, fallback: 5 }),
    finishMs: 1000 * environment.whole('FINISH_SECONDS', { min: 0, max: 300, fallback: 15 }),
    imageDigest: environment.text('IMAGE_DIGEST', '') || null,
  }
}

function signalled(): Promise<string> {
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve(signal))
  })
}

// Written into the image by its build (stamp.ts); started from source there is none.
function stamp(): { readonly version: string; readonly revision: string } {
  try {
    const text = readFileSync(new URL('../version.json', import.meta.url), 'utf8')
    const { version, revision } = JSON.parse(text) as Record<string, string>
    return { version: version || 'unknown', revision: revision || 'unknown' }
  } catch {
    return { version: 'source', revision: 'source' }
  }
}
