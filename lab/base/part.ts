import { readable } from './duration.ts'
import { logFile, runningPid, startDaemon, tailOf, type Daemon } from './daemon.ts'
import type { Lab } from './lab.ts'
import { until } from './until.ts'

/** A piece of the lab. Every verb is safe to repeat: what is up stays as it is, what died is started again. */
export interface Part {
  readonly name: string
  readonly isUp: (lab: Lab) => Promise<boolean>
  readonly start: (lab: Lab) => Promise<void>
  readonly isReady: (lab: Lab) => Promise<boolean>
  readonly patience: number
}

export interface DaemonPart {
  readonly name: string
  readonly daemon: (lab: Lab) => Omit<Daemon, 'name'>
  readonly prepare?: (lab: Lab) => Promise<void>
  readonly isReady: (lab: Lab) => Promise<boolean>
  readonly patience?: number
}

/** A part that is one process of ours. */
export function daemonPart(part: DaemonPart): Part {
  return {
    name: part.name,
    isUp: (lab) => Promise.resolve(runningPid(lab, part.name) !== null),
    start: async (lab) => {
      await part.prepare?.(lab)
      startDaemon(lab, { name: part.name, ...part.daemon(lab) })
    },
    isReady: part.isReady,
    patience: part.patience ?? 60,
  }
}

/** A part that is a state and no process: it is brought about each time, and says itself when it is there. */
export function statePart(name: string, ensure: (lab: Lab) => Promise<void>): Part {
  return {
    name,
    isUp: () => Promise.resolve(false),
    start: ensure,
    isReady: () => Promise.resolve(true),
    patience: 1,
  }
}

/** Brings one part up and waits until it is ready; the error of one that does not come carries the end of its log. */
export async function bringUp(lab: Lab, part: Part): Promise<void> {
  const begun = lab.clock.now()
  const kept = await part.isUp(lab)
  if (!kept) await part.start(lab)
  try {
    await until({ what: part.name, seconds: part.patience }, () => part.isReady(lab), lab.clock)
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new Error(`${why}\n${tailOf(logFile(lab, part.name), 15)}`, { cause: error })
  }
  lab.log(`${part.name}: ${kept ? 'was up' : 'ready'} (${readable(lab.clock.now() - begun)})`)
}

/** Stages one after another; the parts of a stage do not need each other and come up together. */
export async function bringUpStages(lab: Lab, stages: readonly (readonly Part[])[]): Promise<void> {
  for (const stage of stages) {
    const ended = await Promise.allSettled(stage.map((part) => bringUp(lab, part)))
    const failures = ended.flatMap((one) => (one.status === 'rejected' ? [String(one.reason)] : []))
    if (failures.length > 0) throw new Error(failures.join('\n'))
  }
}
