import type { Lab } from '../base/lab.ts'
import type { ImageConfig } from './layout.ts'

/** An image of the world that this machine cannot fetch, made from Debian's packages and filled by `fill`. */
export interface WorldImage {
  readonly name: string
  readonly folder: string
  readonly packages: readonly string[]
  readonly config: ImageConfig
  /** Everything else that the content depends on. */
  readonly inputs: readonly string[]
  readonly fill: (lab: Lab, root: string) => Promise<void>
}
