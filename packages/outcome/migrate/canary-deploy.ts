import { list, record, renamed, text, type Facts } from './facts.ts'

/** One target stood flat in the evidence, several in `targets`; latencies were in seconds. */
export function migrateCanaryDeploy(evidence: Facts, target: string): Facts {
  if (Object.keys(evidence).length === 0) return {}
  const [namespace = '', deployment = ''] = target.includes('/') ? target.split('/') : [target]
  const flat = evidence['verdict'] === undefined ? [] : [evidence]
  const targets = Array.isArray(evidence['targets']) ? list(evidence['targets']) : flat
  return {
    operation: text(evidence['operation']),
    router: evidence['router'] ?? null,
    targets: targets.map((one) => targetOf({ namespace, deployment, ...one })),
    forecasts: list(evidence['forecasts']).map(forecastOf),
  }
}

function targetOf(old: Facts): Facts {
  return {
    namespace: text(old['namespace']),
    deployment: text(old['deployment']),
    verdict: old['verdict'] ?? 'unchanged',
    because: text(old['because']),
    release: text(old['release']),
    image: text(old['image']),
    previousImage: old['previousImage'] ?? null,
    weightPercent: old['weight'] ?? 0,
    strategy: old['strategy'] ?? null,
    judgement: judgementOf(old),
    synthetic: old['synthetic'] ?? null,
    cause: old['cause'] === null || old['cause'] === undefined ? null : causeOf(record(old['cause'])),
    timeline: list(old['timeline']).map((one) =>
      renamed({ because: '', ...one }, { at: 'atMs', weight: 'weightPercent' }),
    ),
  }
}

function judgementOf(old: Facts): Facts | null {
  if (typeof old['value'] !== 'number' || typeof old['limit'] !== 'number') return null
  return {
    value: old['value'],
    limit: old['limit'],
    because: text(old['judge']),
    steps: list(old['steps']).map((one) => renamed({ blocks: 0, ...one }, { weight: 'weightPercent' })),
    course: list(old['course']).map((one) => ({
      ...renamed(one, { from: 'fromMs', to: 'toMs', weight: 'weightPercent', evidence: 'value' }),
      canary: armOf(record(one['canary'])),
      stable: armOf(record(one['stable'])),
    })),
  }
}

function armOf({ requests, errors, p95 }: Facts): Facts {
  return { requests, errors, p95Ms: typeof p95 === 'number' ? 1000 * p95 : null }
}

function causeOf(cause: Facts): Facts {
  return renamed(cause, { evidence: 'figures', since: 'sinceMs' })
}

function forecastOf(old: Facts): Facts {
  return {
    ...renamed(old, { what: 'because' }),
    changes: list(old['changes']).map((one) => renamed(one, { deed: 'change' })),
    stages: list(old['stages']).map((one) =>
      renamed(one, { weight: 'weightPercent', old: 'oldPods', fresh: 'newPods', lastsMs: 'durationMs' }),
    ),
    traffic: (Array.isArray(old['traffic']) ? old['traffic'] : []).map((one: unknown) => {
      const [fact, figures] = Array.isArray(one) ? (one as readonly unknown[]) : []
      return { fact, figures }
    }),
  }
}
