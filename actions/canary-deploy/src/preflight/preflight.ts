import { describe, Failure } from '@alt-las/failure'
import type { Permission } from '@alt-las/kubernetes'
import { type CheckedWork, checkWork, overQuotaTogether, sentenceOf } from '@alt-las/rollout'
import { evidenceOf } from '../evidence.ts'
import { lacking } from '../forecast/forecast.ts'
import type { PreflightInputs } from '../operation.ts'
import { atOnce, saidOf } from '../operations/at-once.ts'
import { rolloutPorts } from '../operations/rollout-ports.ts'
import type { CanaryOutcome } from '../outcome.ts'
import { denied } from '../permissions/permissions.ts'
import { verificationPermissions } from '../permissions/verification-permissions.ts'
import { objectsBeside } from '../plan/plan-target.ts'
import type { Ports } from '../ports.ts'
import { ownPorts } from '../release/own-ports.ts'
import { type ReleaseTarget, planRelease } from '../release/plan-release.ts'
import { type NeededSecret, neededSecrets } from './secrets.ts'

/** What a release of these targets lacks, as far as it can be known before their images exist; only reads. */
export async function preflight(inputs: PreflightInputs, ports: Ports): Promise<CanaryOutcome> {
  const { namespace, targets } = inputs
  const problems = await problemsOf(inputs, ports)
  const names = targets.map(({ deployment }) => deployment).join(', ')
  return {
    kind: problems.length === 0 ? 'passed' : 'refused',
    because:
      problems.length === 0
        ? `nothing is missing for a release of ${names} to ${namespace}`
        : `${problems.length} missing for a release to ${namespace}: ${problems.join('; ')}`,
    subject: { target: namespace },
    evidence: evidenceOf('preflight', []),
    targets: [],
    problems,
  }
}

async function problemsOf(inputs: PreflightInputs, ports: Ports): Promise<readonly string[]> {
  const { namespace } = inputs
  const planned = await plannedOr(inputs, ports)
  if ('problem' in planned) return [planned.problem]
  const { targets } = planned
  const needed = [...targets.flatMap((one) => one.needed), ...verificationPermissions(namespace)]
  const [denials, secrets, ahead] = await Promise.all([
    denied(needed, ports.cluster),
    missingSecrets(inputs, ports),
    lookAhead(targets, ports),
  ])
  const missing = byResource(denials).map(
    (one) => `${one}: bind the deployer's role (kubernetes/deployer) in this namespace`,
  )
  return [...missing, ...secrets, ...sentences(ahead, missing.length > 0)]
}

/** One sentence for all verbs of a resource. */
function byResource(denials: readonly Permission[]): readonly string[] {
  const verbs = new Map<string, Permission>()
  for (const one of denials) {
    const key = lacking({ ...one, verb: '' })
    const before = verbs.get(key)
    verbs.set(key, { ...one, verb: before === undefined ? one.verb : `${before.verb}, ${one.verb}` })
  }
  return [...verbs.values()].map(lacking)
}

/** A namespace in which nothing may be read has nothing else to be said about. */
async function plannedOr(
  inputs: PreflightInputs,
  ports: Ports,
): Promise<{ readonly targets: readonly ReleaseTarget[] } | { readonly problem: string }> {
  try {
    return {
      targets: await planRelease(
        { ...inputs, operation: 'deploy', evidence: null, release: null, dryRun: true },
        ports,
      ),
    }
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    const hint = `is ${inputs.namespace} the right namespace, and is the deployer bound in it (kubernetes/deployer)?`
    return { problem: `${describe(error)}; ${hint}` }
  }
}

interface Found {
  readonly deployment: string
  readonly checked: CheckedWork | null
  readonly problem: string | null
  readonly isForbidden: boolean
}

/** The checks before the first write of a rollout, for each target and for all side by side. */
async function lookAhead(targets: readonly ReleaseTarget[], ports: Ports): Promise<readonly Found[]> {
  const width = Math.max(...targets.map(({ plan }) => plan.deployment.length))
  const settled = await atOnce(targets, async (target) => {
    const { plan, inputs } = target
    const own = ownPorts(inputs, saidOf(plan.deployment, width, ports))
    const work = { plan, others: await objectsBeside(target, own), timeoutMs: inputs.timeoutMs }
    return checkWork(work, rolloutPorts(own))
  })
  return settled.map((one, index): Found => {
    const deployment = targets[index]?.plan.deployment ?? ''
    if (one.status === 'fulfilled')
      return { deployment, checked: one.value, problem: null, isForbidden: false }
    const error: unknown = one.reason
    if (!(error instanceof Failure)) throw error
    const isForbidden = error.code === 'forbidden'
    return { deployment, checked: null, problem: `${deployment}: ${describe(error)}`, isForbidden }
  })
}

/** One sentence for each thing that was found. What could not be read is said by the permissions already. */
function sentences(found: readonly Found[], isDenied: boolean): readonly string[] {
  const demands = found.flatMap(({ deployment, checked }) =>
    checked === null || checked.demand === null ? [] : [{ deployment, demand: checked.demand }],
  )
  return [
    ...found.flatMap(({ problem, isForbidden }) =>
      problem === null || (isDenied && isForbidden) ? [] : [problem],
    ),
    ...found.flatMap(({ deployment, checked }) =>
      (checked?.refusals ?? []).map((one) => `${deployment}: ${sentenceOf(one)}`),
    ),
    ...overQuotaTogether(demands).map(sentenceOf),
  ]
}

async function missingSecrets(
  { namespace, targets }: PreflightInputs,
  ports: Ports,
): Promise<readonly string[]> {
  const { exists } = ports
  if (exists === undefined) return []
  const objects = await Promise.all(targets.map(({ manifests }) => ports.readManifests(manifests)))
  const answers = await Promise.all(
    neededSecrets(objects.flat()).map(async (secret) => {
      const at = { apiVersion: 'v1', kind: 'Secret', namespace, name: secret.name }
      return { secret, isThere: await exists(at) }
    }),
  )
  return answers.flatMap(({ secret, isThere }) => (isThere === false ? [sayMissing(secret, namespace)] : []))
}

function sayMissing({ name, use, by }: NeededSecret, namespace: string): string {
  const remedy = {
    pull: `without it private images cannot be pulled: kubectl create secret docker-registry ${name} --namespace ${namespace} --docker-server=… --docker-username=… --docker-password=…`,
    configuration: 'their pods do not start without it: create it before the release',
    certificate: 'its listener serves no TLS without it: create it, or let cert-manager make it',
  }[use]
  return `Secret ${namespace}/${name} does not exist, and ${by.join(', ')} needs it; ${remedy}`
}
