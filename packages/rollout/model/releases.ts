import type { Deployment } from '@alt-las/kubernetes'
import type { ConfigVersion } from './plan.ts'

/** What a target can return to: enough to run it again without the repository that it came from. */
export interface Release {
  readonly release: string
  readonly image: string
  readonly version: string
  /** When it was last promoted; ms since 1970. */
  readonly at: number
  /** null where the state had no more room for it: nobody can return to it. */
  readonly desired: Deployment | null
  /** Its ConfigMaps and Secrets, which `desired` refers to. Unfinished out by older versions of this action. */
  readonly configs?: readonly ConfigVersion[]
  /** It was rolled back: nobody returns to it by default. */
  readonly undone: boolean
}

export interface Releases {
  readonly current: string | null
  /** In the order in which they were deployed, at most ten; every name once. */
  readonly list: readonly Release[]
}

/** A release whose workload is still known. */
export interface WholeRelease extends Release {
  readonly desired: Deployment
}

export const noReleases: Releases = { current: null, list: [] }
