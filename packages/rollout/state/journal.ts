// The saved rollout: a ConfigMap per target with schema, validator and migrations, and the Lease that lets one run write it.
import { Failure } from '@alt-las/failure'
import {
  type At,
  type Cluster,
  type ConfigMap,
  type Limit,
  isUnclear,
  compareAndSwap,
} from '@alt-las/kubernetes'
import { keySecret, manager, phaseLabel, stateLabel, stateName } from '../model/names.ts'
import { nameOf } from '../model/phase.ts'
import type { Journal } from '../model/ports.ts'
import type { Rollout } from '../model/rollout.ts'
import { type Holding, whileHeld } from './lease.ts'
import type { StateKey, StatePlace } from './signature.ts'
import { signatureEntry, textEntry, textOf } from './state-entries.ts'
import { readStateText, workloadsOf, writeState } from './state-text.ts'

/**
 * State in a ConfigMap by compare-and-swap: a write by another run since the last read stops this one. A run that slept past its lease checks it before
 * it trusts the state that it has read and before it writes; otherwise it would continue from its successor's state.
 */
export function journal(
  target: { readonly namespace: string; readonly deployment: string },
  { holding, key }: { readonly holding: Holding; readonly key: StateKey },
  cluster: Cluster,
): Journal {
  const at = stateAt(target.namespace, target.deployment)
  let version: string | null = null
  const write: Write = (operation) => whileHeld(holding, operation)
  return {
    keep: () => holding.keep(),
    find: async () => {
      const found = await cluster.get<ConfigMap>(at)
      if (holding.leftMs() <= 0) await holding.keep()
      version = found?.metadata.resourceVersion ?? null
      return readState(found, key)
    },
    save: async (rollout) => {
      // Created empty by apply, which never overwrites: only the compare-and-swap below writes its content.
      version ??= versionOf(await write((inTime) => cluster.apply(emptyState(target), manager, inTime)))
      const labels = { ...labelsOf(target), [phaseLabel]: nameOf(rollout.phase).replaceAll(' ', '-') }
      const content = { at, version, data: dataOf(rollout, key), labels }
      version = versionOf(await replaced(content, { cluster, write }))
    },
  }
}

/**
 * The rollout of a state ConfigMap; null where it holds none yet. `key`: null where the namespace has none yet, so that nothing is signed. Throws
 * Failure `bad-state` where it cannot be read, is of another target, or was written by somebody who does not have the key: what it holds is
 * applied with the deployer's rights, and more people may write ConfigMaps than may deploy.
 */
export function readState(found: ConfigMap | null, key: StateKey | null): Rollout | null {
  const text = found === null ? null : textOf(found)
  if (found === null || text === null) return null
  const { name, namespace } = found.metadata
  const rollout = readStateText(text, `ConfigMap ${name}`)
  const { plan } = rollout
  const place = { namespace: namespace ?? plan.namespace, name }
  const hint = 'look at the target by hand, then remove this ConfigMap'
  const foreign = foreignTarget(rollout, place)
  if (foreign !== null)
    throw new Failure('bad-state', `the state in ConfigMap ${name} is that of ${foreign}`, {
      fault: 'outside',
      hint,
    })
  const signature = found.data?.[signatureEntry]
  const isSigned = signature === undefined ? key?.isAdopting : key?.fits(place, text, signature)
  if (key === null || isSigned === true) return rollout
  throw new Failure(
    'bad-state',
    `the state in ConfigMap ${name} is not signed with the key in Secret ${keySecret}: somebody else has written it`,
    { fault: 'outside', hint: `find out who writes ConfigMaps in ${place.namespace}; ${hint}` },
  )
}

/** The first target in it that is not that of the place; null where all are. */
function foreignTarget(rollout: Rollout, { namespace, name }: StatePlace): string | null {
  const { plan } = rollout
  if (name !== stateName(plan.deployment) || namespace !== plan.namespace)
    return `${plan.namespace}/${plan.deployment}`
  const other = workloadsOf(rollout).find(
    (one) =>
      one !== null &&
      (one.kind !== plan.workload ||
        one.metadata.name !== plan.deployment ||
        (one.metadata.namespace ?? namespace) !== namespace),
  )
  return other === undefined || other === null
    ? null
    : `${other.kind} ${other.metadata.namespace ?? namespace}/${other.metadata.name}`
}

export const stateAt = (namespace: string, deployment: string): At => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  namespace,
  name: stateName(deployment),
})

const emptyState = (target: { namespace: string; deployment: string }): ConfigMap => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: stateName(target.deployment), namespace: target.namespace, labels: labelsOf(target) },
})

const labelsOf = ({ deployment }: { readonly deployment: string }) => ({
  'app.kubernetes.io/managed-by': manager,
  [stateLabel]: deployment,
})

/** Writes while the target is held, and renews the lease once for it. */
type Write = (operation: (limit: Limit) => Promise<ConfigMap>) => Promise<ConfigMap>

interface Content {
  readonly at: At
  /** The state that it replaces. */
  readonly version: string
  readonly data: ConfigMap['data']
  readonly labels: Readonly<Record<string, string>>
}

async function replaced(
  { at, version, data, labels }: Content,
  { cluster, write }: { readonly cluster: Cluster; readonly write: Write },
): Promise<ConfigMap> {
  const operations = [
    { op: 'test', path: '/metadata/resourceVersion', value: version },
    { op: 'add', path: '/data', value: data },
    { op: 'add', path: '/metadata/labels', value: labels },
  ] as const
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await write((inTime) => compareAndSwap<ConfigMap>(at, operations, cluster, inTime))
    } catch (error) {
      if (!isUnclear(error)) throw error
      const found = await cluster.get<ConfigMap>(at)
      if (found !== null && textOf(found) === data?.[textEntry]) return found
      if (found === null || versionOf(found) !== version) throw changed(at, error)
      // The lost write did not arrive: it is safe to repeat it.
      if (attempt === mostTries) throw error
    }
  }
}

const mostTries = 3

const changed = (at: At, cause: unknown) =>
  new Failure('state-changed', `the state in ConfigMap ${at.name ?? ''} was changed by another run`, {
    fault: 'outside',
    cause,
    hint: 'only one run may act on a target; check the other one, then run this again',
  })

/** The first three are for people who look with kubectl. */
function dataOf(rollout: Rollout, key: StateKey): ConfigMap['data'] {
  const { plan, phase, releases } = rollout
  const text = writeState(rollout)
  const place = { namespace: plan.namespace, name: stateName(plan.deployment) }
  return {
    phase: nameOf(phase),
    image: plan.image,
    release: releases.current ?? '',
    [textEntry]: text,
    [signatureEntry]: key.sign(place, text),
  }
}

const versionOf = ({ metadata }: ConfigMap): string => metadata.resourceVersion ?? ''
