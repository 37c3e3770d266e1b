import type { Draft, Environment } from '@alt-las/runner'
import type { BuildxPorts } from './buildx/buildx.ts'
import type { Inputs } from './inputs.ts'
import type { BuildEvidence } from './outcome.ts'
import type { ReleaseSource } from './reuse/reuse.ts'
import type { SourcePorts } from './source/sources.ts'

export interface Ports extends BuildxPorts, SourcePorts {
  /** What is known so far, for the document of a step that fails. */
  readonly draft: Draft<BuildEvidence>
  readonly environment: Environment
  /** The repository where releases are, for reading. Throws a Failure where no credentials can be had. */
  readonly openReleases: (inputs: Inputs, signal: AbortSignal) => Promise<ReleaseSource>
}
