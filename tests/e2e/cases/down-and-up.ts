import assert from 'node:assert/strict'
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import type { Case } from './case.ts'
import { pushedDigests, runningDigests } from './assertions.ts'

export const downAndUp: Case = {
  name: 'down-and-up',
  title: 'lab down leaves nothing; the newcomer’s command works again',
  minutes: 20,
  run: async ({ stack }) => {
    const { code } = await stack.lab('down')
    assert.equal(code, 0)
    assert.ok(!existsSync(stack.home), `${stack.home} is left`)
    assert.deepEqual(mountsUnder(stack.home), [], 'mounts are left')
    assert.deepEqual(processesNaming(stack.home), [], 'processes are left')

    const run = await stack.run()
    assert.ok(run.green, 'v1.0.0 is not green after down and up')
    assert.deepEqual(await runningDigests(stack), pushedDigests(run))
    // The newcomer gets users; the next case wants its machine for itself.
    assert.match((await stack.lab('status')).output, /^traffic +runs/m)
    assert.equal((await stack.lab('traffic', 'off')).code, 0)
  },
}

function mountsUnder(folder: string): readonly string[] {
  return readFileSync('/proc/mounts', 'utf8')
    .split('\n')
    .map((line) => line.split(' ')[1] ?? '')
    .filter((path) => path.startsWith(`${folder}/`))
}

function processesNaming(folder: string): readonly string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && name !== String(process.pid))
    .flatMap((pid) => {
      try {
        return [readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim()]
      } catch {
        return [] // gone meanwhile
      }
    })
    .filter((line) => line.includes(`${folder}/`))
}
