// Documents and files that tests begin with: outcome documents, OCI layouts, archives.
import { outcomeSchema, type ActionName, type Evidence, type OutcomeDocument } from '@alt-las/outcome'

const digest = `sha256:${'a'.repeat(64)}`

type Target = Evidence<'canary-deploy'>['targets'][number]

/** One target of a rollout that went well. */
export function rolloutTarget(overrides: Partial<Target> = {}): Target {
  return {
    namespace: 'production',
    deployment: 'web',
    verdict: 'promoted',
    because: 'all is well',
    release: 'v1.2.0',
    image: `ghcr.io/alt-las/web@${digest}`,
    previousImage: null,
    weightPercent: 0,
    strategy: 'canary',
    judgement: null,
    synthetic: null,
    cause: null,
    timeline: [],
    ...overrides,
  }
}

/** Complete evidence of each action on a good day. */
export const sampleEvidence: { readonly [A in ActionName]: Evidence<A> } = {
  'build-image': {
    revision: 'c0ffee',
    version: '1.2.0',
    sourceDateEpoch: 315_532_800,
    releasedAs: null,
    layout: '/temp/layout',
    platforms: [
      {
        platform: 'linux/amd64',
        digest,
        sizeBytes: 1024,
        layers: [{ digest, sizeBytes: 1024, createdBy: 'COPY . .' }],
        user: '65532',
        hasHealthcheck: true,
        labels: {},
      },
    ],
    test: null,
    findings: [],
    unjudged: [],
  },
  'scan-trivy': {
    counts: { CRITICAL: 0, HIGH: 0, MEDIUM: 0, LOW: 0, UNKNOWN: 0 },
    scanned: [{ platform: 'linux/amd64', os: 'debian 13', osEnded: false, packages: 12, suppressed: 0 }],
    database: { repository: 'ghcr.io/trivy-db:2', updatedAt: '2026-11-22T06:00:00.000Z', ageMs: 3_600_000 },
    trivy: '0.74.0',
    refusing: [],
    cleared: [],
    upgrades: [],
    uncovered: [],
    ignored: { expired: [], unused: [] },
    findings: [],
  },
  'push-image': {
    operation: 'push',
    repository: 'ghcr.io/alt-las/web',
    image: `ghcr.io/alt-las/web@${digest}`,
    digest,
    platforms: ['linux/amd64'],
    tags: ['1.2.0'],
    tagOutcome: { '1.2.0': { outcome: 'created', previous: null, because: 'it is new' } },
    pushedBytes: 1024,
    skippedBytes: 0,
    blobs: [{ digest, sizeBytes: 1024, how: 'pushed' }],
    manifests: [digest],
    scan: { report: '/temp/outcome.json', because: 'nothing was found' },
    attestations: [],
    signedBy: null,
    notices: [],
  },
  'canary-deploy': { operation: 'deploy', router: null, targets: [rolloutTarget()], forecasts: [] },
  verify: {
    url: 'https://alt-las.example/',
    namespace: 'production',
    checks: [{ kind: 'health', name: 'image of web', outcome: 'passed', because: 'all pods', durationMs: 3 }],
    load: null,
    uncovered: null,
  },
  'release-report': {
    release: 'v1.2.0',
    releaseOutcome: 'passed',
    checklist: [],
    documents: 0,
    unreadable: [],
  },
}

/** A document of the action as its step leaves it; `overrides` replace single fields of it. */
export function outcomeDocument<A extends ActionName>(
  action: A,
  { evidence, ...overrides }: DocumentOverrides<A> = {},
): OutcomeDocument<A> {
  const document = {
    schema: outcomeSchema,
    action,
    outcome: 'passed',
    because: 'all is well',
    subject: { service: 'web', digest },
    startedAt: '2026-11-22T16:00:00.000Z',
    finishedAt: '2026-11-22T16:00:30.000Z',
    timings: [],
    evidence: { ...sampleEvidence[action], ...evidence },
    ...overrides,
  }
  return document as unknown as OutcomeDocument<A>
}

export interface DocumentOverrides<A extends ActionName> {
  readonly outcome?: 'passed' | 'refused' | 'failed'
  readonly because?: string
  readonly subject?: OutcomeDocument['subject']
  readonly startedAt?: string
  readonly finishedAt?: string
  readonly timings?: OutcomeDocument['timings']
  readonly evidence?: Partial<Evidence<A>>
}
