import { type Entry, entriesOf } from '../read/entry.ts'

/** A service that was rolled back with the whole release. */
export interface BroughtBack {
  readonly service: string
  /** The release that serves again. */
  readonly to: string
  readonly because: string
}

/** A rollout document of the whole release is its rollback: its targets are the services that were rolled back. */
export function broughtBack(entries: readonly Entry[]): readonly BroughtBack[] {
  return entriesOf('canary-deploy', entries)
    .filter(
      ({ service, document: { outcome, evidence } }) =>
        service === 'release' && outcome === 'passed' && evidence.operation !== 'deploy',
    )
    .flatMap(({ document: { because, evidence } }) =>
      (evidence.targets ?? []).map(({ deployment, release }) => ({
        service: deployment,
        to: release,
        because,
      })),
    )
}
