import type { ActionName } from '@alt-las/outcome'
import { outcomeDocument, rolloutTarget, type DocumentOverrides } from '@alt-las/testing'

/** Builders of outcome documents as the actions write them; `minute` is when it began, it took 30 s. */
export const digestA = `sha256:${'a'.repeat(64)}`
const start = Date.UTC(2026, 10, 22, 16)

/** A file as its step left it. */
export interface FoundFile {
  readonly path: string
  readonly text: string
}

export type Given<A extends ActionName> = Omit<DocumentOverrides<A>, 'subject'> & {
  readonly minute?: number
  readonly subject?: { readonly digest?: string; readonly image?: string; readonly target?: string }
}

export function file<A extends ActionName>(
  service: string,
  action: A,
  { minute = 0, subject = { digest: digestA }, ...overrides }: Given<A> = {},
): FoundFile {
  const document = outcomeDocument(action, {
    subject: { ...subject, service },
    startedAt: new Date(start + minute * 60_000).toISOString(),
    finishedAt: new Date(start + minute * 60_000 + 30_000).toISOString(),
    ...(overrides as DocumentOverrides<A>),
  })
  return { path: `outcomes/${service}/${action}.json`, text: JSON.stringify(document) }
}

/** The evidence of a build whose test stage passed, or did not. */
export const tested = (passed: boolean) => ({
  test: { target: 'test', passed, durationMs: 1000, tail: '', line: null },
})

/** The documents of a service whose steps all passed, up to its rollout. */
export function built(service: string): readonly FoundFile[] {
  return [
    file(service, 'build-image', { minute: 0, evidence: tested(true) }),
    file(service, 'scan-trivy', {
      minute: 1,
      evidence: { counts: { CRITICAL: 0, HIGH: 0, MEDIUM: 2, LOW: 0, UNKNOWN: 0 } },
    }),
    file(service, 'push-image', { minute: 2 }),
  ]
}

export function deployed(service: string, overrides: Given<'canary-deploy'> = {}): FoundFile {
  return file(service, 'canary-deploy', { minute: 3, ...overrides })
}

const moment = (atMs: number, weightPercent: number, phase: string) => ({
  atMs,
  weightPercent,
  phase,
  because: '',
})

export function rolledBack(service: string): FoundFile {
  return deployed(service, {
    minute: 4,
    outcome: 'refused',
    because: 'v1.2.0 is rolled back: 17 of 83 requests failed',
    evidence: {
      targets: [
        rolloutTarget({
          deployment: service,
          verdict: 'rolled-back',
          judgement: {
            value: 120,
            limit: 100,
            because: 'canary fails more',
            steps: [
              {
                weightPercent: 5,
                canary: { requests: 31, errors: 6 },
                stable: { requests: 589, errors: 0 },
                blocks: 2,
              },
            ],
            course: [],
          },
          timeline: [moment(0, 0, 'prepare'), moment(9000, 5, 'step'), moment(20_000, 0, 'done')],
        }),
      ],
    },
  })
}

const latencies = { count: 400, p50Ms: 5, p90Ms: 9, p95Ms: 12, p99Ms: 30, maxMs: 31 }

export const verification = file('production', 'verify', {
  minute: 5,
  because: 'all 3 checks passed',
  evidence: {
    load: {
      ...latencies,
      ratePerSecond: 20,
      durationMs: 20_000,
      errors: 0,
      errorRate: 0,
      errorKinds: {},
      firstErrors: [],
      senderLagP99Ms: 1,
      buckets: [{ belowMs: 16, count: 400 }],
      targets: [],
    },
    uncovered: ['GET /x'],
  },
})
