import { relative } from 'node:path'
import { cloudVariables } from '@alt-las/process'
import type { Inputs } from '../inputs.ts'

/** Facts of the runner and the checkout, beside the inputs. */
export interface PlanFacts {
  /** Absolute; the working directory of the builder, so that relative paths in inputs are the checkout's. */
  readonly workspace: string
  /** Absolute path of the Dockerfile. */
  readonly dockerfile: string
  /** Seconds since 1970: what files and image are dated. */
  readonly epoch: number
  /** Seconds since 1970; null if git cannot read it. */
  readonly committedAt: number | null
  /** '' where not known. */
  readonly revision: string
  readonly source: string
  readonly version: string
  /** Every form of a secret that a step may print. */
  readonly hidden: readonly string[]
  /** Directory that becomes the layout, file that gets buildx's metadata: both absolute and not there yet. */
  readonly layoutPath: string
  readonly metadataPath: string
}

/** A command for buildx: secrets travel in `env`, never in `args`. */
export interface Plan {
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string>>
  /** Variables of the runner that buildx may see although they look like credentials. */
  readonly keep: readonly string[]
  /** Texts to hide in case a step prints them. */
  readonly hidden: readonly string[]
}

/** The build that writes the layout. */
export function planBuild(inputs: Inputs, facts: PlanFacts): Plan {
  return {
    args: [
      ...common(inputs, facts, inputs.target),
      ...labels(inputs, facts).flatMap((label) => ['--label', label]),
      ...inputs.annotations.flatMap(({ key, value }) => ['--annotation', `${key}=${value}`]),
      ...inputs.cacheTo.flatMap((to) => ['--cache-to', to]),
      '--metadata-file',
      facts.metadataPath,
      '--output',
      // The name goes into the layout's own index alone: the image's digest does not depend on it.
      `type=oci,${field(`dest=${facts.layoutPath}`)},tar=false,name=${inputs.image.name},rewrite-timestamp=true`,
      inputs.context,
    ],
    env: environment(inputs, facts),
    keep: keep(inputs),
    hidden: facts.hidden,
  }
}

/** The run of the test stage: nothing is exported, its steps stay in the builder's cache for the build. */
export function planTest(inputs: Inputs, facts: PlanFacts, target: string): Plan {
  return {
    args: [...common(inputs, facts, target), '--output', 'type=cacheonly', inputs.context],
    env: environment(inputs, facts),
    keep: keep(inputs),
    hidden: facts.hidden,
  }
}

/** The same plan without its caches, and without the token that only they need: for a cache that cannot be read or written. */
export function withoutCache({ args, keep: kept, ...rest }: Plan): Plan {
  const isCache = (word: string | undefined) => word === '--cache-from' || word === '--cache-to'
  return {
    args: args.filter((word, index) => !isCache(word) && !isCache(args[index - 1])),
    keep: kept.filter((one) => !githubCache.includes(one)),
    ...rest,
  }
}

function common(inputs: Inputs, facts: PlanFacts, target: string | null): readonly string[] {
  return [
    'build',
    '--progress=plain',
    '--provenance=false',
    '--sbom=false',
    '--file',
    relative(facts.workspace, facts.dockerfile),
    ...one('--target', target),
    ...(inputs.platforms.length === 0 ? [] : ['--platform', inputs.platforms.join(',')]),
    ...one('--builder', inputs.builder),
    ...one('--network', inputs.network),
    ...one('--shm-size', inputs.shmSize),
    ...(inputs.pull ? ['--pull'] : []),
    ...(inputs.noCache ? ['--no-cache'] : []),
    ...inputs.noCacheFilters.flatMap((stage) => ['--no-cache-filter', stage]),
    ...inputs.addHosts.flatMap((host) => ['--add-host', host]),
    ...inputs.ulimit.flatMap((limit) => ['--ulimit', limit]),
    ...inputs.buildArgs.flatMap(({ key, value }) => [
      '--build-arg',
      value === null ? key : `${key}=${value}`,
    ]),
    ...inputs.buildContexts.flatMap(({ key, value }) => ['--build-context', `${key}=${value}`]),
    ...secrets(inputs),
    ...inputs.cacheFrom.flatMap((from) => ['--cache-from', from]),
  ]
}

function secrets(inputs: Inputs): readonly string[] {
  return [
    ...inputs.secrets.map(({ key }, index) => `id=${key},env=${secretVariable(index)}`),
    ...inputs.secretEnvs.map(({ key, value }) => `id=${key},env=${value}`),
    ...inputs.secretFiles.map(({ key, value }) => `id=${key},${field(`src=${value}`)}`),
  ].flatMap((secret) => ['--secret', secret])
}

function environment(inputs: Inputs, facts: PlanFacts): Readonly<Record<string, string>> {
  return {
    SOURCE_DATE_EPOCH: String(facts.epoch),
    NO_COLOR: '1',
    // Else the metadata file would hold the whole provenance a second time.
    BUILDX_METADATA_PROVENANCE: 'disabled',
    // Else buildx runs git in the checkout, and git the programs that its .git/config names.
    BUILDX_GIT_INFO: 'false',
    BUILDX_GIT_LABELS: 'false',
    BUILDX_GIT_CHECK_DIRTY: 'false',
    ...Object.fromEntries(inputs.secrets.map(({ value }, index) => [secretVariable(index), value])),
  }
}

// Credential helpers and remote caches find theirs there; the user names the others.
function keep({ secretEnvs, buildArgs, cacheFrom, cacheTo }: Inputs): readonly string[] {
  const taken = buildArgs.filter(({ value }) => value === null).map(({ key }) => key)
  const isGithubCache = [...cacheFrom, ...cacheTo].some((one) => /(?:^|,)\s*"?type=gha\b/.test(one))
  return [
    ...cloudVariables,
    ...(isGithubCache ? githubCache : []),
    ...secretEnvs.map(({ value }) => value),
    ...taken,
  ]
}

/** For `type=gha`, and for no other: who has the token can write the repository's cache. */
const githubCache = [
  'ACTIONS_RUNTIME_TOKEN',
  'ACTIONS_CACHE_URL',
  'ACTIONS_RESULTS_URL',
  'ACTIONS_CACHE_SERVICE_V2',
  'GITHUB_REPOSITORY',
  'GITHUB_REF',
  'GITHUB_RUN_ID',
]

function secretVariable(index: number): string {
  return `ALT_LAS_BUILD_SECRET_${index}`
}

/** Ours first, so that a label of the user's with the same key wins. */
function labels(inputs: Inputs, facts: PlanFacts): readonly string[] {
  const ours = {
    'org.opencontainers.image.created': facts.committedAt === null ? '' : iso(facts.committedAt),
    'org.opencontainers.image.revision': facts.revision,
    'org.opencontainers.image.source': facts.source,
    'org.opencontainers.image.version': facts.version,
  }
  const theirs = Object.fromEntries(inputs.labels.map(({ key, value }) => [key, value]))
  return Object.entries({ ...ours, ...theirs }).flatMap(([key, value]) =>
    value === '' ? [] : [`${key}=${value}`],
  )
}

function iso(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace('.000Z', 'Z')
}

function one(flag: string, value: string | null): readonly string[] {
  return value === null ? [] : [flag, value]
}

// buildx reads --output and --secret as CSV.
function field(text: string): string {
  return /[",]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
