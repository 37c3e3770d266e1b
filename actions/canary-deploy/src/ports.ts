import type { KubeObject } from '@alt-las/kubernetes'
import type { Rollout, RolloutPorts } from '@alt-las/rollout'
import type { Log } from '@alt-las/runner'

/** The ports of the use cases. */
export interface Ports extends Omit<RolloutPorts, 'log' | 'progressLog'> {
  readonly log: Log
  /** Name of the tag or branch of this run. */
  readonly refName: string
  /** Called with each decision of a rollout and its facts so far. */
  readonly follow?: (rollout: Rollout, because: string) => void
  readonly readManifests: (paths: readonly string[]) => Promise<readonly KubeObject[]>
}
