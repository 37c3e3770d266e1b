import { holderOf, tryLock } from '@alt-las/process'
import type { Lab } from './lab.ts'

/** Runs `work` while no other `up` or `down` of this home runs; waits for one that does. The lock of a process that died is taken over. */
export async function alone(lab: Lab, work: () => Promise<void>): Promise<void> {
  const file = `${lab.home}.lock`
  let release = tryLock(file)
  if (release === null) lab.log(`waiting for another command of the lab (${holderOf(file)})`)
  for (; release === null; release = tryLock(file)) await lab.clock.sleep(500)
  try {
    await work()
  } finally {
    release()
  }
}
