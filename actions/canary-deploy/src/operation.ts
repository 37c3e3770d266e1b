import { Failure } from '@alt-las/failure'
import { type MetricsSource, type Steps, type Strategy, pauseAt, strategyOf } from '@alt-las/rollout'
import type { Given as Registry } from '@alt-las/registry'
import type { Policy, Trust } from '@alt-las/evidence'
import type { Given } from './given.ts'
import { longestMs, longestOf } from './plan/longest.ts'
import type { SoakTime } from './plan/parse-soak-time.ts'

/** One type for each operation, with only the inputs that it uses. */
export type Inputs =
  DeployInputs | ReleaseInputs | PreflightInputs | ResumeInputs | RollbackInputs | StatusInputs

/** Access to the cluster, and inputs common to all operations. */
interface Common {
  readonly namespace: string
  /** Path or content; null = the default places. */
  readonly kubeconfig: string | null
  readonly context: string | null
  readonly gate: 'enforce' | 'report'
}

/** The proof that an image needs. */
export interface EvidenceCheck {
  readonly policy: Policy
  /** null = sigstore's public instance. */
  readonly roots: Trust['roots'] | null
  readonly registry: Registry
}

/** An operation that writes. */
interface Writing extends Common {
  readonly source: MetricsSource
  readonly synthetic: Given['syntheticRequests']
  readonly dryRun: boolean
  readonly timeoutMs: number
}

export interface DeployInputs extends Writing {
  readonly operation: 'deploy'
  /** null = none is asked for. */
  readonly evidence: EvidenceCheck | null
  readonly strategy: Strategy
  readonly deployment: string
  /** null = the only one. */
  readonly container: string | null
  /** `repository@sha256:…`. */
  readonly image: string
  readonly manifests: readonly string[]
  /** null for a rolling update without a Service. */
  readonly service: string | null
  /** Service of the new version alone. */
  readonly secondService: string
  readonly router: Given['router']
  /** null = every rule whose backend is the service. */
  readonly route: string | null
  /** With the pauses of `pause-at`. */
  readonly steps: Steps
  /** null = none. */
  readonly audience: Given['audience']
  readonly judging: {
    /** 0 to 1. */
    readonly risk: number
    readonly errorMargin: number
    /** null = latency is not judged. */
    readonly latencyMargin: number | null
    readonly bake: SoakTime
    readonly maxDurationMs: number
    readonly onUndecided: 'abort' | 'pause' | 'promote'
  }
  readonly onQuiet: Given['onQuiet']
  readonly rollbackWindow: SoakTime
  readonly preDeployJob: readonly string[]
  /** Empty = none. */
  readonly smoke: Given['smoke']
  /** null = no dead-man's switch. */
  readonly guardImage: string | null
  /** null = the tag or branch. */
  readonly release: string | null
  readonly readyTimeoutMs: number
}

/** One of several targets that are released as one. */
export interface TargetInputs extends DeployInputs {
  /** Deployments that must have all traffic before it begins. */
  readonly needs: readonly string[]
}

/** `deploy` of several targets as one release. */
export interface ReleaseInputs extends Writing {
  readonly operation: 'deploy'
  readonly evidence: EvidenceCheck | null
  /** Each after those that it needs. */
  readonly targets: readonly TargetInputs[]
  /** null = the tag or branch. */
  readonly release: string | null
}

/** What `deploy` of these targets lacks; their images need not exist. */
export interface PreflightInputs extends Writing {
  readonly operation: 'preflight'
  readonly targets: readonly TargetInputs[]
}

/** `promote` and `abort`: of one target, or of all that are unfinished. */
export interface ResumeInputs extends Writing {
  readonly operation: 'promote' | 'abort'
  readonly deployment: string | null
  /** null = any release. */
  readonly release: string | null
}

export interface RollbackInputs extends Writing {
  readonly operation: 'rollback'
  readonly deployment: string | null
  /** The release to undo; null = the current one. */
  readonly release: string | null
  /** null = the last good one before the current. */
  readonly toRelease: string | null
  readonly readyTimeoutMs: number
}

export interface StatusInputs extends Common {
  readonly operation: 'status'
  readonly deployment: string | null
}

/** The operation that the inputs ask for. The rules between inputs hold already. */
export function operationOf(given: Given): Exclude<Inputs, ReleaseInputs> {
  const { operation, deployment, release, readyTimeout } = given
  if (operation === 'status') return { operation, ...commonOf(given), deployment }
  const writing = writingOf(given)
  switch (operation) {
    case 'deploy':
      return deploy(given, writing)
    case 'preflight':
      return { operation, ...writing, targets: [{ ...deploy(given, writing), needs: [] }] }
    case 'promote':
    case 'abort':
      return { operation, ...writing, deployment, release }
    case 'rollback':
      return {
        operation,
        ...writing,
        deployment,
        release,
        toRelease: given.toRelease,
        readyTimeoutMs: readyTimeout,
      }
  }
}

/** Several targets as one release; `targets` in the order of their needs. */
export const releaseOf = (given: Given, targets: readonly TargetInputs[]): ReleaseInputs => ({
  operation: 'deploy',
  ...writingOf(given),
  timeoutMs: given.timeout ?? longestOf(targets),
  evidence: evidenceOf(given),
  targets,
  release: given.release,
})

/** The same before the images exist. */
export const preflightOf = (given: Given, targets: readonly TargetInputs[]): PreflightInputs => ({
  operation: 'preflight',
  ...writingOf(given),
  targets,
})

const commonOf = ({ namespace, kubeconfig, context, gate }: Given): Common => ({
  namespace,
  kubeconfig,
  context,
  gate,
})

function writingOf(given: Given): Writing {
  const { metricsUrl, metricsToken, metrics } = given
  return {
    ...commonOf(given),
    source: { metricsUrl, metricsToken, metrics },
    synthetic: given.syntheticRequests,
    dryRun: given.dryRun,
    timeoutMs: given.timeout ?? longestMs(given),
  }
}

/** `deploy` of one target. */
export function deploy(given: Given, writing: Writing = writingOf(given)): DeployInputs {
  const { strategy, deployment, image } = given
  if (deployment === null || image === null)
    throw new Failure('unchecked-inputs', 'deploy without deployment or image', { fault: 'ours' })
  // A rolling update routes nothing: only a named Service is read.
  const service = given.service ?? (strategyOf(given).hasSecondVersion ? deployment : null)
  return {
    operation: 'deploy',
    ...writing,
    evidence: evidenceOf(given),
    strategy,
    deployment,
    container: given.container,
    image,
    manifests: given.manifests,
    service,
    secondService: secondService(given, service ?? ''),
    router: given.router,
    route: given.route,
    steps: pauseAt(given.pauseAt ?? '', given.steps),
    audience: given.audience,
    judging: {
      risk: given.risk,
      errorMargin: given.errorMargin,
      latencyMargin: given.latencyMargin,
      bake: given.bake,
      maxDurationMs: given.maxDuration,
      onUndecided: given.onUndecided,
    },
    onQuiet: given.onQuiet,
    rollbackWindow: given.rollbackWindow,
    preDeployJob: given.before,
    smoke: given.smoke,
    guardImage: given.guardImage,
    release: given.release,
    readyTimeoutMs: given.readyTimeout,
  }
}

function evidenceOf(given: Given): EvidenceCheck | null {
  const { verifyBeforeDeploy: policy, trustedRoot: roots, githubToken } = given
  if (policy === null) return null
  const { registryUsername: username, registryPassword: password } = given
  const login = username === null || password === null ? null : { username, password }
  return { policy, roots, registry: { login, githubToken, actor: '' } }
}

function secondService(given: Given, service: string): string {
  switch (strategyOf(given).secondService) {
    case 'canary-service':
      return given.canaryService ?? `${service}-canary`
    case 'preview-service':
      return given.previewService ?? `${service}-preview`
  }
}
