import type { Deployment } from '@alt-las/kubernetes'
import type { ConfigVersion } from './plan.ts'

/** A recorded release: enough to run it again without its repository. */
export interface Release {
  readonly release: string
  readonly image: string
  readonly version: string
  /** When it was last promoted; ms since 1970. */
  readonly at: number
  /** null if the state had no room for it: a rollback to it is not possible. */
  readonly desired: Deployment | null
  /** Its ConfigMaps and Secrets, which `desired` refers to. Unfinished out by older versions of this action. */
  readonly configs?: readonly ConfigVersion[]
  /** It was rolled back: only a rollback by name returns to it. */
  readonly undone: boolean
}

export interface Releases {
  readonly current: string | null
  /** In the order of deployment, at most ten; every name once. */
  readonly list: readonly Release[]
}

/** A release whose workload is still known. */
export interface WholeRelease extends Release {
  readonly desired: Deployment
}

export const noReleases: Releases = { current: null, list: [] }
