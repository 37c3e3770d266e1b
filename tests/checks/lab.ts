import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { systemProcess } from '@alt-las/process'

/** The local stack as the checks need it. Every command has a deadline. */
export interface LabDoor {
  readonly root: string
  readonly home: string
  readonly print: (line: string) => void
}

const minute = 60_000

/** Up, and without releases of another commit: their tags would run the actions of that commit again. */
export async function bringUp(door: LabDoor): Promise<boolean> {
  if (await holdsAnotherCommit(door)) {
    door.print('the lab holds releases of another commit: down first')
    if (!(await command(door, ['down'], 5 * minute))) return false
  }
  return await command(door, ['up'], 60 * minute)
}

async function holdsAnotherCommit({ root, home }: LabDoor): Promise<boolean> {
  const bare = join(home, 'git', 'ALT-LAS/delivery.git')
  if (!existsSync(bare)) return false
  const tagged = await git(bare, 'v1.0.0^{commit}')
  return tagged !== '' && tagged !== (await git(join(root), 'HEAD'))
}

async function git(folder: string, revision: string): Promise<string> {
  const { stdout } = await systemProcess.run('git', [
    '-C',
    folder,
    'rev-parse',
    '--verify',
    '--quiet',
    revision,
  ])
  return stdout.trim()
}

/** Ends the workflow run that a check has left, as GitHub cancels one. */
export const cancelRun = (door: LabDoor): Promise<boolean> => command(door, ['cancel'], 2 * minute)

async function command(
  { root, print }: LabDoor,
  args: readonly string[],
  timeoutMs: number,
): Promise<boolean> {
  const main = join(root, 'lab/main.ts')
  const onLine = (line: string) => {
    print(line)
  }
  const options = { cwd: root, timeoutMs, onLine }
  const { code } = await systemProcess.run(process.execPath, [main, ...args], options)
  return code === 0
}

/** What the cluster says while a check hangs. */
export async function describeCluster({ home, print }: LabDoor): Promise<void> {
  const events =
    'custom-columns=TIME:.lastTimestamp,NAMESPACE:.metadata.namespace,OBJECT:.involvedObject.name,REASON:.reason,MESSAGE:.message'
  const questions: readonly (readonly string[])[] = [
    ['get', 'events', '--all-namespaces', '--sort-by=.lastTimestamp', '--output', events],
    ['get', 'pods', '--all-namespaces', '--output', 'wide'],
    ['get', 'deployments,httproutes', '--all-namespaces', '--output', 'wide'],
    ['get', 'leases', '--all-namespaces'],
  ]
  for (const question of questions) {
    print(`--- kubectl ${question.slice(0, 2).join(' ')}`)
    const args = [
      'kubectl',
      '--kubeconfig',
      join(home, 'pki/admin.conf'),
      '--request-timeout=15s',
      ...question,
    ]
    const { stdout, stderr } = await systemProcess
      .run(join(home, 'bin/hyperkube'), args, { timeoutMs: 20_000 })
      .catch((error: unknown) => ({ stdout: '', stderr: String(error) }))
    for (const line of `${stdout}${stderr}`.trimEnd().split('\n').slice(-60)) print(line)
  }
}
