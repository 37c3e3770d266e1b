import { v1 } from '../../../../packages/rollout/testing/manifests.ts'
import type { Given } from '../given.ts'
import { type Inputs, operationOf } from '../operation.ts'
import { always } from '../plan/parse-soak-time.ts'

/** The operation of these inputs. */
export const inputs = (overrides: Partial<Given> = {}): ReturnType<typeof operationOf> =>
  operationOf(given(overrides))

/** The inputs themselves. */
export const given = (overrides: Partial<Given> = {}): Given => ({ ...defaults, ...overrides })

/** The same of a rolling update, which reads no metrics. */
export const rollingInputs = (overrides: Partial<Given> = {}): Inputs =>
  inputs({ strategy: 'rolling', router: 'auto', metricsUrl: null, ...overrides })

const defaults: Given = {
  operation: 'deploy',
  strategy: 'canary',
  namespace: 'shop',
  deployment: 'web',
  container: null,
  image: v1,
  manifests: ['k8s'],
  targets: null,
  service: null,
  canaryService: null,
  route: null,
  previewService: null,
  router: 'gateway-api',
  steps: {
    pauseAtPreview: false,
    steps: [
      { weight: 10, holdMs: 20_000 },
      { weight: 50, holdMs: 20_000 },
    ],
  },
  pauseAt: null,
  audience: null,
  metricsUrl: { kind: 'http', base: 'http://prometheus' },
  metricsToken: null,
  metrics: null,
  risk: 0.01,
  errorMargin: 1.2,
  latencyMargin: null,
  bake: always(0),
  maxDuration: 600_000,
  onUndecided: 'abort',
  syntheticRequests: null,
  onQuiet: 'auto',
  rollbackWindow: always(0),
  before: [],
  smoke: [],
  guardImage: null,
  verifyBeforeDeploy: null,
  trustedRoot: null,
  registryUsername: null,
  registryPassword: null,
  githubToken: null,
  dryRun: false,
  release: null,
  toRelease: null,
  readyTimeout: 120_000,
  timeout: 3_600_000,
  kubeconfig: null,
  context: null,
  gate: 'enforce',
}
