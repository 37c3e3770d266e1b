import { describe, Failure } from '@alt-las/failure'
import type { Process } from '@alt-las/process'
import type { Ports } from '../ports.ts'
import { withoutSettings, type Trivy } from './run-trivy.ts'

/** Trivy on PATH in exactly this version, else a verified release. Throws Failure `scanner-missing`. */
export async function findTrivy(
  version: string,
  ports: Pick<Ports, 'process' | 'log' | 'install'>,
): Promise<Trivy> {
  const onPath = await versionOf('trivy', ports.process)
  if (onPath === version) return { command: 'trivy', version }
  const why = onPath === null ? 'trivy is not on PATH' : `trivy on PATH is ${onPath}, not ${version}`
  ports.log.line(`${why}: downloading the release`)
  try {
    const command = await ports.install(version)
    const installed = await versionOf(command, ports.process)
    if (installed === version) return { command, version }
    throw new Failure(
      'scanner-missing',
      `${command} reports version ${installed ?? 'none'}, expected ${version}`,
      { fault: 'outside' },
    )
  } catch (error) {
    throw new Failure('scanner-missing', `trivy ${version} is not available: ${why}; ${describe(error)}`, {
      fault: 'outside',
      hint: `put trivy ${version} on PATH of the runner, or let it reach github.com`,
    })
  }
}

async function versionOf(command: string, process: Process): Promise<string | null> {
  try {
    const { code, stdout } = await process.ask(command, ['version', '--format', 'json'], {
      keep: [withoutSettings],
    })
    if (code !== 0) return null
    const { Version: version } = (JSON.parse(stdout) ?? {}) as { readonly Version?: unknown }
    return typeof version === 'string' ? version.replace(/^v/, '') : null
  } catch (error) {
    if (error instanceof SyntaxError || (error instanceof Failure && error.code === 'command-not-found'))
      return null
    throw error
  }
}
