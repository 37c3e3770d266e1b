import type { Evidence, Outcome } from '@alt-las/outcome'
import type { PlatformImage } from './image.ts'
import type { Rule, Unjudged } from './practice/rule.ts'
import type { JudgedFinding } from './practice/verdict.ts'

/** The image that this run built; null in the outcome where it was refused before. */
export interface BuiltImage {
  readonly layoutPath: string
  readonly digest: string
  /** `name@digest`. */
  readonly image: string
  readonly platforms: readonly PlatformImage[]
  /** buildx's metadata. */
  readonly metadata: Readonly<Record<string, unknown>>
  /** The release tag under which the registry already holds exactly this image, null where none does. */
  readonly releasedAs: string | null
}

export interface TestRun {
  readonly target: string
  readonly passed: boolean
  readonly ms: number
  /** The failing step and the end of its log, '' where it passed. */
  readonly tail: string
  /** 1-based line of the Dockerfile. */
  readonly line: number | null
}

/** What the outcome document keeps. */
export type BuildEvidence = Evidence<'build-image'>

export interface BuildOutcome extends Outcome<'build-image'> {
  readonly built: BuiltImage | null
  /** null where there is no test stage. */
  readonly test: TestRun | null
  readonly findings: readonly JudgedFinding[]
  /** Rules that could not be judged, and why. */
  readonly unjudged: readonly Unjudged[]
  readonly unusedWaivers: readonly Rule[]
  /** As the user named it, for the findings. */
  readonly dockerfile: string
}
