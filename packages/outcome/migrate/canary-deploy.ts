import { asRecord, asRecords, asText, renamed, type Facts } from '../facts.ts'

/** One target stood flat in the evidence, several in `targets`; latencies were in seconds. */
export function migrateCanaryDeploy(evidence: Facts, target: string): Facts {
  if (Object.keys(evidence).length === 0) return {}
  const [namespace = '', deployment = ''] = target.includes('/') ? target.split('/') : [target]
  const flat = evidence['verdict'] === undefined ? [] : [evidence]
  const targets = Array.isArray(evidence['targets']) ? asRecords(evidence['targets']) : flat
  return {
    operation: asText(evidence['operation']),
    router: evidence['router'] ?? null,
    targets: targets.map((one) => targetOf({ namespace, deployment, ...one })),
    forecasts: asRecords(evidence['forecasts']).map(forecastOf),
  }
}

function targetOf(old: Facts): Facts {
  return {
    namespace: asText(old['namespace']),
    deployment: asText(old['deployment']),
    verdict: old['verdict'] ?? 'unchanged',
    because: asText(old['because']),
    release: asText(old['release']),
    image: asText(old['image']),
    previousImage: old['previousImage'] ?? null,
    weightPercent: old['weight'] ?? 0,
    strategy: old['strategy'] ?? null,
    judgement: judgementOf(old),
    synthetic: old['synthetic'] ?? null,
    cause: old['cause'] === null || old['cause'] === undefined ? null : causeOf(asRecord(old['cause'])),
    timeline: asRecords(old['timeline']).map((one) =>
      renamed({ because: '', ...one }, { at: 'atMs', weight: 'weightPercent' }),
    ),
  }
}

function judgementOf(old: Facts): Facts | null {
  if (typeof old['value'] !== 'number' || typeof old['limit'] !== 'number') return null
  return {
    value: old['value'],
    limit: old['limit'],
    because: asText(old['judge']),
    steps: asRecords(old['steps']).map((one) => renamed({ blocks: 0, ...one }, { weight: 'weightPercent' })),
    course: asRecords(old['course']).map((one) => ({
      ...renamed(one, { from: 'fromMs', to: 'toMs', weight: 'weightPercent', evidence: 'value' }),
      canary: armOf(asRecord(one['canary'])),
      stable: armOf(asRecord(one['stable'])),
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
    changes: asRecords(old['changes']).map((one) => renamed(one, { deed: 'change' })),
    stages: asRecords(old['stages']).map((one) =>
      renamed(one, { weight: 'weightPercent', old: 'oldPods', fresh: 'newPods', lastsMs: 'durationMs' }),
    ),
    traffic: (Array.isArray(old['traffic']) ? old['traffic'] : []).map((one: unknown) => {
      const [fact, figures] = Array.isArray(one) ? (one as readonly unknown[]) : []
      return { fact, figures }
    }),
  }
}
