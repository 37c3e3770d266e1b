import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Lab } from '../base/lab.ts'
import { must, run } from '../base/run.ts'
import { systemBundle } from '../parts/pki.ts'

/** Version, size and checksum of each package as Debian serves it now: the key of what is made from it. */
export async function packageChecksums(
  lab: Lab,
  names: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const options = { env: { ...lab.environment } }
  const ask = ['--print-uris', 'download', ...names]
  const first = await run('apt-get', ask, options)
  if (first.code !== 0) await must('apt-get', ['-o', 'DPkg::Lock::Timeout=300', '-q', 'update'], options)
  return parseUris(first.code === 0 ? first.stdout : await must('apt-get', ask, options))
}

/** The lines of `apt-get --print-uris`: the address of the mirror is no part of what a package is. */
export const parseUris = (text: string): ReadonlyMap<string, string> =>
  new Map([...text.matchAll(/^'[^']*' (([^_\s]+)_.*)$/gm)].map((match) => [match[2] ?? '', match[1] ?? '']))

/**
 * The files of the packages beneath `root`, without running any of their scripts, with the list of packages where scanners look for it
 * in images without a package manager (var/lib/dpkg/status.d), and the authorities that this machine trusts.
 */
export async function unpackDebian(lab: Lab, names: readonly string[], root: string): Promise<void> {
  const download = `${root}.packages`
  mkdirSync(download, { recursive: true })
  mkdirSync(join(root, 'var', 'lib', 'dpkg', 'status.d'), { recursive: true })
  await must('apt-get', ['-q', '-o', 'APT::Sandbox::User=root', 'download', ...names], {
    cwd: download,
    env: { ...lab.environment },
  })
  for (const file of readdirSync(download)) {
    const archive = join(download, file)
    await must('dpkg-deb', ['-x', archive, root])
    const control = await must('dpkg-deb', ['-f', archive])
    writeFileSync(join(root, 'var', 'lib', 'dpkg', 'status.d', file.split('_')[0] ?? file), control)
  }
  rmSync(download, { recursive: true })
  for (const folder of ['doc', 'man', 'locale', 'info', 'lintian'])
    rmSync(join(root, 'usr', 'share', folder), { recursive: true, force: true })
  mkdirSync(join(root, 'etc', 'ssl', 'certs'), { recursive: true })
  copyFileSync(systemBundle(lab), join(root, 'etc', 'ssl', 'certs', 'ca-certificates.crt'))
}

/** Adds users to an image: `name:number:home`. */
export function addUsers(
  root: string,
  users: readonly { readonly name: string; readonly id: number; readonly home: string }[],
): void {
  const all = [{ name: 'root', id: 0, home: '/root' }, ...users]
  const line = (one: { readonly name: string; readonly id: number; readonly home: string }): string =>
    `${one.name}:x:${one.id}:${one.id}::${one.home}:/sbin/nologin\n`
  writeFileSync(join(root, 'etc', 'passwd'), all.map(line).join(''))
  writeFileSync(join(root, 'etc', 'group'), all.map((one) => `${one.name}:x:${one.id}:\n`).join(''))
  for (const one of users) mkdirSync(join(root, one.home), { recursive: true })
}

export const bundleOf = (lab: Lab): string => readFileSync(systemBundle(lab), 'utf8')
