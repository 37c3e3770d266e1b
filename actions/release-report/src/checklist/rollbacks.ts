import { type Entry, entriesOf } from '../read/entry.ts'

/** A service that was brought back together with the release. */
export interface BroughtBack {
  readonly service: string
  /** The release that serves again. */
  readonly to: string
  readonly because: string
}

/** A rollout document of the whole release is its way back: its targets are the services that went back. */
export function broughtBack(entries: readonly Entry[]): readonly BroughtBack[] {
  return entriesOf('canary-deploy', entries)
    .filter(({ service, document }) => service === 'release' && document.outcome === 'passed')
    .flatMap(({ document: { because, evidence } }) =>
      (evidence.targets ?? []).map(({ deployment, release }) => ({
        service: deployment,
        to: release,
        because,
      })),
    )
}
