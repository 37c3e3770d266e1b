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
import { manager, stateLabel, stateName } from '../model/names.ts'
import { nameOf } from '../model/phase.ts'
import type { Journal } from '../model/ports.ts'
import type { Rollout } from '../model/rollout.ts'
import type { Holding } from './lease.ts'
import { readStateText, writeState } from './state-text.ts'

const key = 'rollout.json'

/**
 * State in a ConfigMap by compare-and-swap: a write by another run since the last read stops this one. A run that slept past its lease checks it before
 * it trusts the state that it has read and before it writes; otherwise it would continue from its successor's state.
 */
export function journal(
  target: { readonly namespace: string; readonly deployment: string },
  holding: Holding,
  cluster: Cluster,
): Journal {
  const at = stateAt(target.namespace, target.deployment)
  let version: string | null = null
  const write: Write = async (operation) => {
    try {
      return await operation(holding)
    } catch (error) {
      if (!(error instanceof Failure) || error.code !== 'too-late') throw error
      await holding.keep()
      return operation(holding)
    }
  }
  return {
    keep: () => holding.keep(),
    find: async () => {
      const found = await cluster.get<ConfigMap>(at)
      if (holding.leftMs() <= 0) await holding.keep()
      version = found?.metadata.resourceVersion ?? null
      return readState(found)
    },
    save: async (rollout) => {
      // Created empty by apply, which never overwrites: only the compare-and-swap below writes its content.
      version ??= versionOf(await write((inTime) => cluster.apply(emptyState(target), manager, inTime)))
      const content = { at, version, data: dataOf(rollout) }
      version = versionOf(await replaced(content, { cluster, write }))
    },
  }
}

/** The rollout in a state ConfigMap; null = none yet. Throws Failure `bad-state` if it cannot be read, or belongs to another target. */
export function readState(found: ConfigMap | null): Rollout | null {
  const text = found?.data?.[key]
  if (found === null || text === undefined) return null
  const { name, namespace } = found.metadata
  const rollout = readStateText(text, `ConfigMap ${name}`)
  const { plan } = rollout
  if (name === stateName(plan.deployment) && (namespace ?? plan.namespace) === plan.namespace) return rollout
  throw new Failure(
    'bad-state',
    `the state in ConfigMap ${name} is that of ${plan.namespace}/${plan.deployment}`,
    { fault: 'outside', hint: 'inspect the target, then remove this ConfigMap' },
  )
}

export const stateAt = (namespace: string, deployment: string): At => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  namespace,
  name: stateName(deployment),
})

const emptyState = ({ namespace, deployment }: { namespace: string; deployment: string }): ConfigMap => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: {
    name: stateName(deployment),
    namespace,
    labels: { 'app.kubernetes.io/managed-by': manager, [stateLabel]: deployment },
  },
})

/** Writes while the target is held, and renews the lease once for it. */
type Write = (operation: (limit: Limit) => Promise<ConfigMap>) => Promise<ConfigMap>

interface Content {
  readonly at: At
  /** The state that it replaces. */
  readonly version: string
  readonly data: ConfigMap['data']
}

async function replaced(
  { at, version, data }: Content,
  { cluster, write }: { readonly cluster: Cluster; readonly write: Write },
): Promise<ConfigMap> {
  const test = { op: 'test', path: '/metadata/resourceVersion', value: version } as const
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await write((inTime) =>
        compareAndSwap<ConfigMap>(at, [test, { op: 'add', path: '/data', value: data }], cluster, inTime),
      )
    } catch (error) {
      if (!isUnclear(error)) throw error
      const found = await cluster.get<ConfigMap>(at)
      if (found !== null && found.data?.[key] === data?.[key]) return found
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

/** The first three are for people with kubectl. */
function dataOf(rollout: Rollout): ConfigMap['data'] {
  const { plan, phase, releases } = rollout
  return {
    phase: nameOf(phase),
    image: plan.image,
    release: releases.current ?? '',
    [key]: writeState(rollout),
  }
}

const versionOf = ({ metadata }: ConfigMap): string => metadata.resourceVersion ?? ''
