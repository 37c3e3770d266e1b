import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { at, type Lab } from '../base/lab.ts'
import { statePart } from '../base/part.ts'
import { run } from '../base/run.ts'

/** What the lab's programs create outside of its home, whatever their settings. */
const folders = [
  '/run/buildkit',
  '/run/containerd',
  '/run/runc',
  '/usr/libexec/kubernetes',
  '/var/lib/cni',
  '/var/lib/containers',
  '/var/lib/kubelet',
  '/var/log/containers',
]

interface Before {
  readonly folders: readonly string[]
  readonly tables: readonly string[]
}

const tablesNow = async (): Promise<readonly string[]> =>
  (await run('nft', ['list', 'tables'])).stdout.split('\n').map((line) => line.replace(/^table /, '').trim())

/** Writes down what was there before the lab, once, so that `down` takes away only what was not. */
export const outside = statePart('the machine as it was', async (lab) => {
  const file = at(lab, 'before.json')
  if (existsSync(file)) return
  mkdirSync(lab.home, { recursive: true })
  const before: Before = {
    folders: folders.filter((folder) => existsSync(folder)),
    tables: await tablesNow(),
  }
  writeFileSync(file, JSON.stringify(before, null, 2))
})

/** Removes what the lab has added: folders, an emptied table of the packet filter, empty cgroups. */
export async function removeOutside(lab: Lab): Promise<void> {
  const file = at(lab, 'before.json')
  if (!existsSync(file)) return
  const before = JSON.parse(readFileSync(file, 'utf8')) as Before
  for (const folder of folders)
    if (!before.folders.includes(folder)) rmSync(folder, { recursive: true, force: true })
  const filter = 'ip filter'
  if (
    !before.tables.includes(filter) &&
    isEmptyTable((await run('nft', ['list', 'table', 'ip', 'filter'])).stdout)
  ) {
    await run('nft', ['delete', 'table', 'ip', 'filter'])
  }
  await removeCgroups()
}

/** Chains without a rule: the table was created for ours, and has no other user. */
export const isEmptyTable = (text: string): boolean =>
  text.split('\n').every((line) => /^\s*(table .*\{|chain .*\{|type .*;|#.*|\})?\s*$/.test(line))

async function removeCgroups(): Promise<void> {
  const roots = ['/sys/fs/cgroup', ...readdirSync('/sys/fs/cgroup').map((name) => `/sys/fs/cgroup/${name}`)]
  for (const group of roots
    .flatMap((root) => [`${root}/kubepods`, `${root}/buildkit`])
    .filter((path) => existsSync(path))) {
    // rmdir: a group with a process in it stays.
    await run('find', [group, '-depth', '-type', 'd', '-exec', 'rmdir', '{}', ';'])
  }
}
