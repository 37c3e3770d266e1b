import { join } from 'node:path'
import type { Clock, Log } from './log.ts'

export interface Places {
  /** The checkout that this lab belongs to. */
  readonly repository: string
  /** Everything that `down` removes. */
  readonly home: string
  /** What was built once; survives `down`. */
  readonly cache: string
}

/** What every part of the lab is handed: where things are, how to talk, and the environment of the caller. */
export interface Lab extends Places {
  /** A line with the time since the command began. */
  readonly log: Log
  /** Text as it is. */
  readonly print: (text: string) => void
  readonly clock: Clock
  readonly environment: Readonly<Record<string, string>>
}

/** A path in the lab's home. */
export const at = (lab: Places, ...names: readonly string[]): string => join(lab.home, ...names)

/** The built tool of that name: a link that `up` sets to the version it built. */
export const tool = (lab: Places, name: string): string => at(lab, 'bin', name)

export const kubeconfig = (lab: Places, user: string): string => at(lab, 'pki', `${user}.conf`)

export const laboratoryCa = (lab: Places): string => at(lab, 'pki', 'lab-ca.crt')
