import type { Evidence, Found } from '@alt-las/outcome'
import type { Process } from '@alt-las/process'
import type { Reference, Repository } from '@alt-las/registry'
import type { Draft, Environment, Log, RunFiles } from '@alt-las/runner'
import type { Clock } from '@alt-las/time'
import type { RegistryAccess } from './inputs.ts'
import type { ImageContents } from './target/image-contents.ts'

/** The ports of a scan. */
export interface Ports {
  readonly process: Process
  readonly clock: Clock
  readonly log: Log
  readonly files: FileSystem
  /** Fetches a release of Trivy and returns the path of its program. */
  readonly install: (version: string) => Promise<string>
  /** Sends no request before the first verb. */
  readonly openImage: (at: Reference, access: RegistryAccess, signal: AbortSignal) => Promise<ImageSource>
  /** Takes a lock without waiting, and gives the function that lets it go; null while another process has it. */
  readonly lock: (path: string) => (() => void) | null
  readonly environment: Pick<Environment, 'temp' | 'workspace'>
  /** What an image consists of whose layers are these files. */
  readonly readContents: (layers: readonly string[], signal: AbortSignal) => Promise<ImageContents>
  /** The outcome documents of this job's earlier steps. */
  readonly findOutcomes: () => Promise<Found>
  /** Names of the job's `TRIVY_*` variables: they have no effect here. */
  readonly trivyVariables: readonly string[]
  readonly interrupted: AbortSignal
  readonly draft: Draft<Evidence<'scan-trivy'>>
}

/** The ports of one run of Trivy. */
export type TrivyPorts = Pick<Ports, 'process' | 'clock' | 'log' | 'interrupted'>

/** The read side of a registry, for one repository. */
export type ImageSource = Pick<Repository, 'name' | 'resolve' | 'getManifest' | 'readBlob'>

export type FileSystem = Pick<
  RunFiles,
  'kind' | 'read' | 'write' | 'link' | 'ensureDirectory' | 'remove' | 'ownFolder'
>
