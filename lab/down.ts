import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { addresses } from './addresses.ts'
import { daemonNames, stopDaemons } from './base/daemon.ts'
import { readable } from './base/duration.ts'
import { at, type Lab } from './base/lab.ts'
import { run } from './base/run.ts'
import { removeRemote } from './git/remote.ts'
import { ctr } from './parts/containerd.ts'
import { forwardRules, restoreSettings } from './parts/network.ts'
import { removeOutside } from './parts/outside.ts'

/** Stops what the lab started and takes its mounts, links, rules and files away. What it did not make is left alone. */
export async function down(lab: Lab): Promise<void> {
  const begun = lab.clock.now()
  if (!existsSync(lab.home)) {
    lab.log('down already')
    return
  }
  // A run is cancelled first, with the time that a runner gives to its steps: it leaves its rollout in a safe state.
  await stopDaemons(
    lab,
    daemonNames(lab).filter((name) => name.startsWith('run-')),
    20,
  )
  await removeRemote(lab)
  const last = ['kube-apiserver', 'etcd', 'registry', 'containerd']
  await stopDaemons(
    lab,
    daemonNames(lab).filter((name) => !last.includes(name)),
  )
  await removeContainers(lab)
  await stopDaemons(lab, ['kube-apiserver'])
  await stopDaemons(lab, ['etcd', 'registry', 'containerd'])
  await endShims(lab)
  await unmountAll(lab)
  await removeNetwork(lab)
  await removeOutside(lab)
  rmSync(lab.home, { recursive: true, force: true })
  lab.log(`down in ${readable(lab.clock.now() - begun)}; what was built stays in ${lab.cache}`)
}

async function removeContainers(lab: Lab): Promise<void> {
  if (!existsSync(at(lab, 'containerd.sock'))) return
  const tasks = words(await ctr(lab, ['tasks', 'ls', '-q']))
  await Promise.all(tasks.map((task) => ctr(lab, ['tasks', 'kill', '-s', 'SIGKILL', task])))
  const containers = words(await ctr(lab, ['containers', 'ls', '-q']))
  await Promise.all(
    containers.map(async (container) => {
      await ctr(lab, ['tasks', 'rm', '-f', container])
      await ctr(lab, ['containers', 'rm', container])
    }),
  )
}

const words = (answer: { readonly stdout: string }): readonly string[] =>
  answer.stdout.split(/\s+/).filter((word) => word !== '')

/** Shims of this containerd only: they carry the name of its socket. */
async function endShims(lab: Lab): Promise<void> {
  const sockets = [at(lab, 'containerd.sock')]
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    const command = commandLine(pid)
    if (command.includes('containerd-shim') && sockets.some((socket) => command.includes(socket)))
      await run('kill', ['-KILL', pid])
  }
}

function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
  } catch {
    return ''
  }
}

/** Every mount beneath the lab's home, the innermost first. */
export const mountsBeneath = (home: string, mounts: string): readonly string[] =>
  mounts
    .split('\n')
    .map((line) => line.split(' ')[1] ?? '')
    .filter((place) => place.startsWith(`${home}/`))
    .sort()
    .reverse()

async function unmountAll(lab: Lab): Promise<void> {
  for (const place of mountsBeneath(lab.home, readFileSync('/proc/mounts', 'utf8'))) {
    if ((await run('umount', [place])).code !== 0) await run('umount', ['-l', place])
  }
}

async function removeNetwork(lab: Lab): Promise<void> {
  const links = await run('ip', ['-o', 'link', 'show', 'master', addresses.podBridge])
  for (const line of links.stdout.split('\n')) {
    const link = /^\d+: ([^@:]+)/.exec(line)?.[1]
    if (link !== undefined) await run('ip', ['link', 'delete', link])
  }
  await run('ip', ['link', 'delete', addresses.podBridge])
  await run('ip', ['link', 'delete', addresses.bridge])
  for (const rule of forwardRules) await run('iptables', ['-w', '-D', ...rule])
  for (const table of ['ip kube-proxy', 'ip6 kube-proxy', 'inet alt-las-netpol'])
    await run('nft', ['delete', 'table', ...table.split(' ')])
  restoreSettings(lab)
}
