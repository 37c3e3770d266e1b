import { isDocumentPath } from '@alt-las/outcome'
import { type Steps, parseSteps, pauseAt, strategyNames, strategyOf } from '@alt-las/rollout'
import {
  type Parsed,
  type Rule,
  boolean,
  choice,
  duration,
  list,
  optional,
  required,
  text,
} from '@alt-las/runner'
import { parsePreset } from '@alt-las/telemetry'
import { digestReference, factor, kubernetesName, metricsAddress, riskShare, routeName } from './parsers.ts'
import { formatAudience, parseAudience } from './plan/parse-audience.ts'
import { parseSoakTime } from './plan/parse-soak-time.ts'
import { type SmokeAt, parseSmoke } from './smoke/parse-smoke.ts'
import { parseEvidencePolicy, parseTrustedRoot } from './evidence-check/parse-evidence.ts'
import { parseSynthetic } from './synthetic/parse-synthetic.ts'

/** The image in an outcome document of push-image, by the document's path. Throws if the document proves none. */
export type ImageAt = (path: string) => string

/** What inputs name in files of the workspace. */
export interface Named {
  readonly imageAt: ImageAt
  readonly smokeAt: SmokeAt
  /** Text of a file; absent where no input names one. */
  readonly textAt?: (path: string) => string
}

const noText = (path: string): never => {
  throw new Error(`cannot read ${path}`)
}

/** The one table of inputs. */
export const parsers = ({ imageAt, smokeAt, textAt = noText }: Named) => ({
  operation: choice(['deploy', 'preflight', 'promote', 'abort', 'rollback', 'status']),
  strategy: choice(strategyNames),
  namespace: required(kubernetesName),
  deployment: optional(kubernetesName),
  /** null = the only one. */
  container: optional(kubernetesName),
  /** `repository@sha256:…`. */
  image: optional((raw: string) => digestReference(isDocumentPath(raw) ? imageAt(raw) : raw)),
  manifests: list,
  /** Several targets as one release: YAML, or the path of a file with it; null = one target, in the other inputs. */
  targets: optional(text),
  /** null = the name of the Deployment. */
  service: optional(kubernetesName),
  canaryService: optional(kubernetesName),
  previewService: optional(kubernetesName),
  router: choice(['auto', 'gateway-api', 'traefik', 'istio', 'replicas']),
  route: optional(routeName),
  steps: (raw: string): Steps => parseSteps(raw),
  /** `preview`, or the weight of a step; null = only where `steps` say so. */
  pauseAt: optional(text),
  /** null = none. */
  audience: parseAudience,
  metricsUrl: optional(metricsAddress),
  metricsToken: optional(text),
  /** null = the preset of the router. */
  metrics: optional(parsePreset),
  /** 0 to 1. */
  risk: riskShare,
  errorMargin: (raw: string) => factor(raw, 100),
  /** null = latency is not judged. */
  latencyMargin: (raw: string) => (raw === 'off' ? null : factor(raw, 10)),
  bake: parseSoakTime,
  maxDuration: duration,
  onUndecided: choice(['abort', 'pause', 'promote']),
  /** null = none. */
  syntheticRequests: parseSynthetic,
  onQuiet: choice(['auto', 'synthetic', 'smoke', 'abort']),
  rollbackWindow: parseSoakTime,
  /** Files with the pre-deploy Job. */
  before: list,
  /** API tests before the first traffic; empty = none. */
  smoke: parseSmoke(smokeAt),
  /** `repository@sha256:…`; null = no dead-man's switch. */
  guardImage: optional(digestReference),
  /** Who may have signed an image, and what must be proven about it; null = nothing. */
  verifyBeforeDeploy: parseEvidencePolicy(textAt),
  /** null = that of sigstore's public instance. */
  trustedRoot: parseTrustedRoot(textAt),
  registryUsername: optional(text),
  registryPassword: optional(text),
  /** For ghcr.io, where no other credentials are known. */
  githubToken: optional(text),
  dryRun: boolean,
  release: optional(text),
  toRelease: optional(text),
  readyTimeout: duration,
  /** null = as long as the longest way of the rollout. */
  timeout: optional(duration),
  /** Path or content; null = the default places. */
  kubeconfig: optional(text),
  context: optional(text),
  gate: choice(['enforce', 'report']),
})

/** Every input, as the runner gives them. */
export type Given = Parsed<ReturnType<typeof parsers>>

/** `preflight` has the inputs of the `deploy` that it precedes. */
export const isDeploy = (operation: string): boolean => operation === 'deploy' || operation === 'preflight'

/** The rules between inputs that only `deploy` has. */
const deployRules: readonly Rule<Given>[] = [
  ({ deployment }) =>
    deployment === null ? 'deployment: is required, got nothing: the workload to roll out' : null,
  ({ image }) =>
    image === null
      ? 'image: is required, got nothing: an image with its digest, as push-image gives it in its output `image`, or the path of its outcome document'
      : null,
  ({ manifests }) =>
    manifests.length === 0
      ? 'manifests: is required, got nothing: files or directories that contain the workload'
      : null,
  ({ strategy, metricsUrl }) =>
    strategyOf({ strategy }).needsMetrics && metricsUrl === null
      ? 'metrics-url: is required, got nothing: a version without metrics is never promoted; give the Prometheus that scrapes the gateway'
      : null,
  ({ onQuiet, smoke }) =>
    onQuiet === 'smoke' && smoke.length === 0
      ? 'on-quiet: got smoke without API tests, expected files with API tests in the input smoke'
      : null,
  ({ onQuiet, strategy, syntheticRequests }) => {
    if (onQuiet !== 'synthetic') return null
    if (strategyOf({ strategy }).traffic === 'at-once')
      return `on-quiet: got synthetic, expected auto, smoke or abort: after the switch of ${strategy} the old version gets no requests to compare with`
    return syntheticRequests?.some(({ rate }) => rate === null) === true
      ? null
      : 'on-quiet: got synthetic without an address, expected in synthetic-requests a line such as auto https://shop.example'
  },
  ({ strategy, pauseAt: pause, steps }) =>
    strategyOf({ strategy }).pauses === 'at-steps' ? pauseProblem(pause, steps) : null,
  ({ strategy, pauseAt: pause }) =>
    strategyOf({ strategy }).pauses === 'at-preview' && pause !== null && pause !== 'preview'
      ? `pause-at: got ${JSON.stringify(pause)}, expected preview: ${strategy} has no steps`
      : null,
  ({ strategy, pauseAt: pause }) =>
    strategyOf({ strategy }).pauses === 'never' && pause !== null
      ? `pause-at: got ${JSON.stringify(pause)}, expected nothing: a ${strategy} update has no point to stop at`
      : null,
  ({ strategy, audience }) =>
    audience !== null && strategyOf({ strategy }).traffic !== 'in-steps'
      ? `audience: got ${formatAudience(audience)}, expected off: ${strategy} has no weights that an audience could come before`
      : null,
  ({ audience, timeout }) =>
    audience !== null && timeout !== null && audience.holdMs >= timeout
      ? `audience: got ${formatAudience(audience)}, expected a time below that of the run: raise \`timeout\`, or hold it shorter`
      : null,
  ({ router, audience }) =>
    audience !== null && router === 'replicas'
      ? `audience: got ${formatAudience(audience)}, expected off: the router replicas splits connections and cannot tell requests apart`
      : null,
  ({ strategy, router }) =>
    strategyOf({ strategy }).router === 'service' && router !== 'auto'
      ? `router: got ${router}, expected auto: ${strategy} switches the Service itself, in one write`
      : null,
]

/** The rules of one target. With `targets` each of them has these inputs of its own. */
export const rules: readonly Rule<Given>[] = [
  ({ registryUsername, registryPassword }) =>
    (registryUsername === null) === (registryPassword === null)
      ? null
      : 'registry-username: expected together with registry-password',
  ({ trustedRoot, verifyBeforeDeploy }) =>
    trustedRoot !== null && verifyBeforeDeploy === null
      ? 'trusted-root: got a file without verify-before-deploy, expected a policy that needs it'
      : null,
  ...deployRules.map(
    (rule): Rule<Given> =>
      (given) =>
        isDeploy(given.operation) && given.targets === null ? rule(given) : null,
  ),
  ({ operation, targets }) =>
    targets !== null && !isDeploy(operation)
      ? `targets: got a list, expected nothing with operation ${operation}: it is for all targets of the namespace, or of \`release\``
      : null,
]

function pauseProblem(pause: string | null, steps: Steps): string | null {
  try {
    pauseAt(pause ?? '', steps)
    return null
  } catch (error) {
    return `pause-at: ${error instanceof Error ? error.message : String(error)}`
  }
}
