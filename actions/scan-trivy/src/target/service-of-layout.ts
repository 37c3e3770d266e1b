import type { Entry } from '@alt-las/outcome'
import type { Digest } from '@alt-las/registry'
import { chooseService, wholeRelease } from '@alt-las/runner'

export interface LayoutFacts {
  readonly digest: Digest
  /** Repository that the layout names; null where it names none. */
  readonly image: string | null
}

/** The service of a layout: that of the build of this digest in this job, else the last part of the layout's image name; null if neither is known. */
export function serviceOfLayout({ digest, image }: LayoutFacts, outcomes: readonly Entry[]): string | null {
  const builds = outcomes
    .map(({ document }) => document)
    .filter(({ action, subject }) => action === 'build-image' && subject.digest === digest)
  const [first, ...others] = new Set(builds.map(({ subject }) => subject.service))
  if (first !== undefined && others.length === 0) return first
  const named = chooseService({ image })
  return named === wholeRelease ? null : named
}
