import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { logFile, runningPid, startDaemon, stopDaemons } from '../base/daemon.ts'
import { laboratoryCa, type Lab } from '../base/lab.ts'

/** Name of the daemon, and of its log. */
export const traffic = 'traffic'

/** Requests per second to each service after the first release: enough to judge a version by. */
export const usualRate = 20

/** Users of the lab: `rate` requests per second to each service, until they are turned off or the lab goes down; 0 turns them off. */
export async function setTraffic(lab: Lab, rate: number): Promise<void> {
  if (!existsSync(lab.home)) throw new Error('the lab is not up: npm run lab -- up')
  const wereThere = runningPid(lab, traffic) !== null
  await stopDaemons(lab, [traffic])
  if (rate === 0) {
    lab.log(wereThere ? 'the users are gone' : 'there were no users')
    return
  }
  startDaemon(lab, {
    name: traffic,
    command: process.execPath,
    args: [join(import.meta.dirname, 'main.ts'), String(rate)],
    environment: { LAB_CA: laboratoryCa(lab) },
  })
  lab.log(
    `users come: ${rate} requests per second to each service, counted in ${logFile(lab, traffic)} (npm run lab -- traffic off)`,
  )
}
