import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { birthOf } from './daemon.ts'
import type { Lab } from './lab.ts'

/** Runs `work` while no other `up` or `down` of this home runs; waits for one that does. The lock of a process that died is taken over. */
export async function alone(lab: Lab, work: () => Promise<void>): Promise<void> {
  const file = `${lab.home}.lock`
  mkdirSync(dirname(file), { recursive: true })
  for (let told = false; !take(file); told = true) {
    if (!told) lab.log(`waiting for another command of the lab (${holder(file)})`)
    await lab.clock.sleep(500)
  }
  try {
    await work()
  } finally {
    rmSync(file, { force: true })
  }
}

/** The lock is a file with number and time of birth of the process that has it. */
function take(file: string): boolean {
  const own = `${process.pid} ${birthOf(process.pid) ?? ''}`
  try {
    writeFileSync(file, own, { flag: 'wx' })
    return true
  } catch {
    const [pid = '', born = ''] = holder(file).split(' ')
    if (birthOf(Number(pid)) === born) return false
    rmSync(file, { force: true })
    return take(file)
  }
}

function holder(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}
