import { existsSync, rmSync, writeFileSync } from 'node:fs'
import type { Lab } from '../base/lab.ts'
import { must, run } from '../base/run.ts'
import { debianPrograms } from '../versions.ts'

const policy = '/usr/sbin/policy-rc.d'

/** Installs the Debian packages that are missing. Their services are not started: the lab runs its own, from its own home. */
export async function installDebianPrograms(lab: Lab): Promise<void> {
  const missing = await missingPackages(debianPrograms)
  if (missing.length === 0) return
  lab.log(`installing from Debian: ${missing.join(', ')}`)
  const ours = !existsSync(policy)
  if (ours) writeFileSync(policy, '#!/bin/sh\nexit 101\n', { mode: 0o755 })
  try {
    const env = { ...lab.environment, DEBIAN_FRONTEND: 'noninteractive' }
    const wait = ['-o', 'DPkg::Lock::Timeout=300', '-q']
    await must('apt-get', [...wait, 'update'], { env })
    await must('apt-get', [...wait, 'install', '-y', '--no-install-recommends', ...missing], { env })
  } finally {
    if (ours) rmSync(policy, { force: true })
  }
}

export async function missingPackages(names: readonly string[]): Promise<readonly string[]> {
  const seen = await run('dpkg-query', ['-W', '-f', '${Package} ${db:Status-Status}\n', ...names])
  const installed = new Set(
    seen.stdout.split('\n').flatMap((line) => (line.endsWith(' installed') ? [line.split(' ')[0]] : [])),
  )
  return names.filter((name) => !installed.has(name))
}
