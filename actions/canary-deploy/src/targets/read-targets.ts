import { type Read, gather, inputName } from '@alt-las/runner'
import { type Given, type Named, parsers, rules } from '../given.ts'
import { type TargetInputs, deploy } from '../operation.ts'
import { inOrderOfNeeds, problemsBetween } from './order.ts'
import { type TargetEntry, type TargetFiles, parseTargets } from './parse-targets.ts'

/** Inputs of the whole release. Every other one may be a target's own. */
const ofRelease = new Set<keyof Given>([
  'operation',
  'namespace',
  'targets',
  'metricsUrl',
  'metricsToken',
  'verifyBeforeDeploy',
  'trustedRoot',
  'registryUsername',
  'registryPassword',
  'githubToken',
  'dryRun',
  'release',
  'toRelease',
  'timeout',
  'kubeconfig',
  'context',
  'gate',
])

/** Inputs that name one target: with `targets` each target has its own, and the action has none. */
const ofTarget = [
  'deployment',
  'container',
  'image',
  'manifests',
  'service',
  'canaryService',
  'previewService',
  'route',
  'before',
] as const satisfies readonly (keyof Given)[]

export interface Targets {
  /** Each after those that it needs. */
  readonly targets: readonly TargetInputs[]
  readonly problems: readonly string[]
}

/**
 * The targets of a release, each from its own inputs and, where it has none, from those of the action. `common`: problems that the action's inputs have
 * already, which are not repeated for each target.
 */
export function readTargets(
  read: Read,
  named: Named,
  { files, common }: { readonly files: TargetFiles; readonly common: readonly string[] },
): Targets {
  const table = parsers(named)
  const keys = Object.keys(table) as readonly (keyof Given)[]
  const accepted = keys.filter((key) => !ofRelease.has(key)).map(inputName)
  const { entries, problems } = parseTargets(read('targets'), accepted, files)
  const parsed = entries.map((entry) => targetOf(entry, read, { table, common }))
  const all = [
    ...strayInputs(read),
    ...problems.map(ofTargets),
    ...parsed.flatMap((one) => one.problems).map(ofTargets),
    ...problemsBetween(entries).map(ofTargets),
  ]
  return all.length + common.length > 0
    ? { targets: [], problems: all }
    : { targets: inOrderOfNeeds(parsed.flatMap((one) => one.target ?? [])), problems: [] }
}

const ofTargets = (problem: string): string => `targets: ${problem}`

const strayInputs = (read: Read): readonly string[] =>
  ofTarget
    .map(inputName)
    .filter((name) => read(name).trim() !== '')
    .map(
      (name) =>
        `${name}: got ${JSON.stringify(read(name).trim().slice(0, 80))}, expected nothing: each of \`targets\` has its own`,
    )

interface Table {
  readonly table: ReturnType<typeof parsers>
  readonly common: readonly string[]
}

function targetOf(
  { deployment, needs, inputs }: TargetEntry,
  read: Read,
  { table, common }: Table,
): { readonly target: TargetInputs | null; readonly problems: readonly string[] } {
  const own: Read = (name) => (name === 'targets' ? '' : (inputs[name] ?? read(name)))
  const gathered = gather(own, table, [...rules, noPause])
  const problems = gathered.problems
    .filter((problem) => !common.includes(problem))
    .map((problem) => `${deployment}: ${problem}`)
  if (gathered.problems.length > 0) return { target: null, problems }
  return { target: { ...deploy(gathered.inputs), needs }, problems }
}

/** A release stands or falls as one, within one run. */
const noPause = ({ pauseAt, steps, onUndecided }: Given): string | null => {
  const isPaused =
    steps.pauseAtPreview || (steps.steps !== 'auto' && steps.steps.some(({ pause }) => pause === true))
  if (pauseAt !== null || isPaused)
    return 'pause-at, steps: got a pause, expected none: a release of several targets passes in one run'
  return onUndecided === 'pause'
    ? 'on-undecided: got pause, expected abort or promote: a release of several targets passes in one run'
    : null
}
