import { outcomeSchema, type OutcomeDocument } from '@alt-las/outcome'
import type { FoundFile } from '../read/entry.ts'

/** Builders of outcome documents as the actions write them; `minute` is when it began, it took 30 s. */
export const digestA = `sha256:${'a'.repeat(64)}`
const start = Date.UTC(2026, 10, 22, 16)

export interface Given extends Partial<OutcomeDocument> {
  readonly minute?: number
}

export function file(service: string, action: string, { minute = 0, ...overrides }: Given = {}): FoundFile {
  const document: OutcomeDocument = {
    schema: outcomeSchema,
    action,
    outcome: 'passed',
    because: 'all is well',
    subject: { digest: digestA },
    startedAt: new Date(start + minute * 60_000).toISOString(),
    finishedAt: new Date(start + minute * 60_000 + 30_000).toISOString(),
    timings: [],
    evidence: {},
    ...overrides,
  }
  return { path: `outcomes/outcome-${service}-${action}/outcome.json`, text: JSON.stringify(document) }
}

/** Everything that a service leaves on a good day, up to its rollout. */
export function built(service: string): readonly FoundFile[] {
  return [
    file(service, 'build-image', { minute: 0, evidence: { test: { target: 'test', passed: true } } }),
    file(service, 'scan-trivy', {
      minute: 1,
      evidence: { counts: { CRITICAL: 0, HIGH: 0, MEDIUM: 2, LOW: 0, UNKNOWN: 0 } },
    }),
    file(service, 'push-image', { minute: 2 }),
  ]
}

export function deployed(service: string, overrides: Given = {}): FoundFile {
  return file(service, 'canary-deploy', { minute: 3, evidence: { verdict: 'promoted' }, ...overrides })
}

export function rolledBack(service: string): FoundFile {
  return deployed(service, {
    minute: 4,
    outcome: 'refused',
    because: 'v1.2.0 is rolled back: 17 of 83 requests failed',
    evidence: {
      verdict: 'rolled-back',
      steps: [{ weight: 5, canary: { requests: 31, errors: 6 }, stable: { requests: 589, errors: 0 } }],
      timeline: [
        { at: 0, weight: 0, phase: 'prepare' },
        { at: 9000, weight: 5, phase: 'step' },
        { at: 20_000, weight: 0, phase: 'done' },
      ],
    },
  })
}

export const verification = file('production', 'verify', {
  minute: 5,
  because: 'all 3 checks passed',
  evidence: {
    checks: [{ kind: 'health', name: 'image of web', outcome: 'passed', because: 'all pods', ms: 3 }],
    load: {
      rate: 20,
      p50: 5,
      p95: 12,
      p99: 30,
      errors: 0,
      count: 400,
      errorRate: 0,
      buckets: [{ belowMs: 16, count: 400 }],
    },
    uncovered: ['GET /x'],
  },
})
