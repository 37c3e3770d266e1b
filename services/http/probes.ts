import type { Dependency } from './dependency.ts'
import type { Identity, Metrics } from './metrics.ts'
import { json, type Reply } from './reply.ts'
import type { Route } from './route.ts'

export interface Probed {
  readonly identity: Identity
  /** `sha256:…` of the image that runs, or `null` = not set. */
  readonly imageDigest: string | null
  readonly dependencies: readonly Dependency[]
  readonly metrics: Metrics
  readonly stopping: () => boolean
}

/**
 * `/healthz`: the process lives. `/readyz`: ready, or 503 with the missing dependencies. `/version`: the running version.
 * `/metrics` for Prometheus.
 */
export function probes(probed: Probed): readonly Route[] {
  return [
    { method: 'GET', path: '/healthz', quiet: true, handle: () => json(200, { healthy: true }) },
    { method: 'GET', path: '/readyz', quiet: true, handle: () => readiness(probed) },
    {
      method: 'GET',
      path: '/version',
      quiet: true,
      handle: () => json(200, { ...probed.identity, imageDigest: probed.imageDigest }),
    },
    { method: 'GET', path: '/metrics', quiet: true, handle: () => exposition(probed.metrics) },
  ]
}

async function readiness({ dependencies, stopping }: Probed): Promise<Reply> {
  if (stopping()) return json(503, { ready: false, missing: ['the process is stopping'] })
  const answers = await Promise.all(dependencies.map((dependency) => dependency.missing()))
  const missing = answers.filter((answer) => answer !== null)
  return missing.length === 0 ? json(200, { ready: true, missing }) : json(503, { ready: false, missing })
}

function exposition(metrics: Metrics): Reply {
  return {
    kind: 'text',
    status: 200,
    body: metrics.render(),
    contentType: 'text/plain; version=0.0.4; charset=utf-8',
  }
}
