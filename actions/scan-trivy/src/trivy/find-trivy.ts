import { Failure } from '@alt-las/failure'
import type { Process } from '@alt-las/process'
import type { Log } from '@alt-las/runner'
import { describe } from '@alt-las/failure'
import type { Trivy } from './run-trivy.ts'

/** Fetches a release of Trivy and returns the path of its program. */
export type Install = (version: string) => Promise<string>

/** Trivy on PATH in exactly this version, else a verified release. Throws Failure `scanner-missing`. */
export async function findTrivy(
  version: string,
  ports: { readonly process: Process; readonly log: Log; readonly install: Install },
): Promise<Trivy> {
  const onPath = await versionOf('trivy', ports.process)
  if (onPath === version) return { command: 'trivy', version }
  const why = onPath === null ? 'trivy is not on PATH' : `trivy on PATH is ${onPath}, not ${version}`
  ports.log.line(`${why}: fetching the release`)
  try {
    const command = await ports.install(version)
    const installed = await versionOf(command, ports.process)
    if (installed === version) return { command, version }
    throw new Failure(
      'scanner-missing',
      `${command} says it is ${installed ?? 'no trivy'}, expected ${version}`,
      {
        fault: 'outside',
      },
    )
  } catch (error) {
    throw new Failure('scanner-missing', `there is no trivy ${version}: ${why}; ${describe(error)}`, {
      fault: 'outside',
      hint: `put trivy ${version} on PATH of the runner, or let it reach github.com`,
    })
  }
}

async function versionOf(command: string, process: Process): Promise<string | null> {
  try {
    const { code, stdout } = await process.ask(command, ['version', '--format', 'json'])
    return code === 0
      ? ((JSON.parse(stdout) as { readonly Version?: string }).Version?.replace(/^v/, '') ?? null)
      : null
  } catch (error) {
    if (error instanceof SyntaxError || (error instanceof Failure && error.code === 'command-not-found'))
      return null
    throw error
  }
}
