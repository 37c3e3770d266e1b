import type { Entry } from '../read/entry.ts'
import { rows, text } from '../read/facts.ts'

/** A service that was brought back together with the release. */
export interface BroughtBack {
  readonly service: string
  /** The release that serves again; null where the evidence does not say. */
  readonly to: string | null
  readonly because: string
}

/** A rollout document about no single service is the way back of the release: its targets are the services that went back. */
export function broughtBack(entries: readonly Entry[]): readonly BroughtBack[] {
  return entries
    .filter(
      ({ service, document }) =>
        document.action === 'canary-deploy' && service === 'release' && document.outcome === 'passed',
    )
    .flatMap(({ document }) => {
      return rows(document.evidence['targets']).flatMap((target) => {
        const service = text(target['deployment'])
        return service === null ? [] : [{ service, to: text(target['release']), because: document.because }]
      })
    })
}
