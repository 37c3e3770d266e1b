import type { Existence, KubeObject } from '@alt-las/kubernetes'
import type { MetricsSource, Rollout, RolloutPorts, Scrapes, Visits } from '@alt-las/rollout'
import type { Log } from '@alt-las/runner'
import type { FindEvidence } from './evidence-check/registry-evidence.ts'
import type { Given } from './given.ts'

/** The ports of the use cases. */
export interface Ports extends Omit<RolloutPorts, 'log' | 'progressLog'> {
  readonly log: Log
  /** Name of the tag or branch of this run. */
  readonly refName: string
  /** Called with each decision of a rollout and its facts so far. */
  readonly follow?: (rollout: Rollout, because: string) => void
  /** The metrics of another source; absent = `scrapes` for every target. */
  readonly scrapesOf?: (source: MetricsSource) => Scrapes
  /** The synthetic requests of another target; absent = `visits` for every target. */
  readonly visitsOf?: (synthetic: Given['syntheticRequests']) => Visits
  /** Whether an object exists that the credentials may create but not read; absent = not asked. */
  readonly exists?: Existence['exists']
  /** Absent where no policy asks for evidence. */
  readonly findEvidence?: FindEvidence
  readonly readManifests: (paths: readonly string[]) => Promise<readonly KubeObject[]>
}
