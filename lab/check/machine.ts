import { existsSync, statfsSync } from 'node:fs'
import { totalmem } from 'node:os'
import { dirname } from 'node:path'
import { daemonNames, runningPid } from '../base/daemon.ts'
import type { Lab } from '../base/lab.ts'
import { run } from '../base/run.ts'
import type { Listener, Machine } from './problems.ts'

/** Looks at the machine and changes nothing. */
export async function lookAtMachine(lab: Lab): Promise<Machine> {
  // Everything else comes from Debian or is built: these must be there to fetch it.
  const needed = ['apt-get', 'dpkg-deb', 'npm', 'tar']
  const missing: string[] = []
  for (const command of needed)
    if ((await run('sh', ['-c', 'command -v "$0"', command], { env: { ...lab.environment } })).code !== 0)
      missing.push(command)
  const go = await run('go', ['env', 'GOVERSION'], { env: { ...lab.environment } })
  return {
    platform: `${process.platform}/${process.arch}`,
    user: process.getuid?.() ?? -1,
    node: process.versions.node,
    go: go.code === 0 ? go.stdout.trim() : null,
    missing,
    cgroups: existsSync('/sys/fs/cgroup/memory') || existsSync('/sys/fs/cgroup/cgroup.controllers'),
    listeners: parseListeners((await run('ss', ['-ltnpH'])).stdout),
    own: daemonNames(lab).flatMap((name) => runningPid(lab, name) ?? []),
    freeGigabytes: freeAt(lab.home),
    cacheFreeGigabytes: freeAt(lab.cache),
    memoryGigabytes: totalmem() / 2 ** 30,
  }
}

/** The lines of `ss -ltnpH`. */
export function parseListeners(text: string): readonly Listener[] {
  return text.split('\n').flatMap((line) => {
    const local = line.trim().split(/\s+/)[3]
    const place = local === undefined ? null : /^(.*):(\d+)$/.exec(local)
    if (!place) return []
    const holder = /\(\("([^"]*)",pid=(\d+)/.exec(line)
    const address = (place[1] ?? '').replace(/%.*$/, '').replace(/^\[|\]$/g, '')
    return [
      {
        address,
        port: Number(place[2]),
        process: holder?.[1] ?? null,
        pid: holder ? Number(holder[2]) : null,
      },
    ]
  })
}

function freeAt(folder: string): number {
  if (existsSync(folder)) {
    const { bavail, bsize } = statfsSync(folder)
    return (bavail * bsize) / 2 ** 30
  }
  return freeAt(dirname(folder))
}
