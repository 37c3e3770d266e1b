// Controllers of workloads, from Deployments down to pods, one file each.
import type { Deployment, Pod, ReplicaSet } from '@alt-las/kubernetes'
import { equal } from '../../values/frozen.ts'
import { deploymentStatus } from './deployment-status.ts'
import { bounds, firstReplicas, rollingStep } from './rolling.ts'
import { hashOf, isOver, ownerOf, type Round } from '../round/round.ts'

const hashLabel = 'pod-template-hash'
const revisionKey = 'deployment.kubernetes.io/revision'

/** One step towards the template and the number that are wanted, by the Deployment's own strategy. */
export function deployments(round: Round): void {
  for (const one of round.of<Deployment>('Deployment')) {
    if (one.metadata.deletionTimestamp === undefined) reconcile(one, round)
  }
}

function reconcile(deployment: Deployment, round: Round): void {
  const sets = setsOf(deployment, round)
  const newest = sets.find((set) => isOf(set, deployment))
  const old = sets.filter((set) => set !== newest)
  if (deployment.spec.paused === true) resize(deployment, sets, round)
  else if (deployment.spec.strategy?.type === 'Recreate') recreate(deployment, { newest, old }, round)
  else roll(deployment, { newest, old }, round)
  const after = setsOf(deployment, round)
  const current = after.find((set) => isOf(set, deployment))
  const status = deploymentStatus(
    deployment,
    { newest: current, all: after, made: newest === undefined },
    round,
  )
  const revision = current?.metadata.annotations?.[revisionKey]
  const annotations = {
    ...deployment.metadata.annotations,
    ...(revision === undefined ? {} : { [revisionKey]: revision }),
  }
  const metadata = { ...deployment.metadata, annotations }
  round.put({ ...deployment, metadata, status } as Deployment)
  const done = status.conditions?.some(({ reason }) => reason === 'NewReplicaSetAvailable') === true
  if (done)
    forgetOld(
      deployment,
      after.filter((set) => set !== current),
      round,
    )
}

interface Sets {
  readonly newest: ReplicaSet | undefined
  readonly old: readonly ReplicaSet[]
}

function roll(deployment: Deployment, { newest, old }: Sets, round: Round): void {
  if (newest === undefined) {
    round.put(newSet(deployment, old, firstReplicas(deployment, old)))
    return
  }
  const current = renumbered(newest, old)
  if (current !== newest) round.put(current)
  for (const [set, replicas] of rollingStep(deployment, current, old)) scale(set, replicas, round)
}

function recreate(deployment: Deployment, { newest, old }: Sets, round: Round): void {
  const running = old.filter((set) => (set.spec.replicas ?? 1) > 0)
  for (const set of running) scale(set, 0, round)
  const left = old.flatMap((set) => round.owned<Pod>('Pod', set)).filter((pod) => !isOver(pod))
  if (running.length > 0 || left.length > 0) return
  const wanted = deployment.spec.replicas ?? 1
  if (newest === undefined) round.put(newSet(deployment, old, wanted))
  else scale(renumbered(newest, old), wanted, round)
}

/** A paused Deployment is not rolled out, but its number is still respected. */
function resize(deployment: Deployment, sets: readonly ReplicaSet[], round: Round): void {
  const wanted = deployment.spec.replicas ?? 1
  const running = sets.filter((set) => (set.spec.replicas ?? 1) > 0)
  const largest = running.reduce<ReplicaSet | undefined>(
    (best, set) => (best === undefined || (set.spec.replicas ?? 1) > (best.spec.replicas ?? 1) ? set : best),
    sets.at(-1),
  )
  if (largest === undefined) return
  const total = running.reduce((sum, set) => sum + (set.spec.replicas ?? 1), 0)
  const room = running.length > 1 ? bounds(deployment).surge : 0
  if (total < wanted || total > wanted + room)
    scale(largest, Math.max(0, (largest.spec.replicas ?? 1) + wanted - total), round)
}

function scale(set: ReplicaSet, replicas: number, round: Round): void {
  round.put({ ...set, spec: { ...set.spec, replicas } })
}

/** The real controller, too, gives an old set that is wanted again the newest revision. */
function renumbered(newest: ReplicaSet, old: readonly ReplicaSet[]): ReplicaSet {
  const highest = Math.max(0, ...old.map(revisionOf))
  if (revisionOf(newest) > highest) return newest
  const annotations = { ...newest.metadata.annotations, [revisionKey]: String(highest + 1) }
  return { ...newest, metadata: { ...newest.metadata, annotations } }
}

function newSet(deployment: Deployment, old: readonly ReplicaSet[], replicas: number): ReplicaSet {
  const { template, selector, minReadySeconds } = deployment.spec
  const hash = hashOf(template)
  const labels = { ...template.metadata?.labels, [hashLabel]: hash }
  const spec = {
    replicas,
    selector: { ...selector, matchLabels: { ...selector.matchLabels, [hashLabel]: hash } },
    template: { ...template, metadata: { ...template.metadata, labels } },
    ...(minReadySeconds === undefined ? {} : { minReadySeconds }),
  }
  return {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      name: `${deployment.metadata.name}-${hash}`,
      namespace: deployment.metadata.namespace ?? 'default',
      labels,
      annotations: { [revisionKey]: String(1 + Math.max(0, ...old.map(revisionOf))) },
      ownerReferences: [ownerOf(deployment)],
    },
    spec,
  }
}

function isOf({ spec }: ReplicaSet, deployment: Deployment): boolean {
  const { template } = deployment.spec
  const { labels = {}, ...metadata } = spec.template?.metadata ?? {}
  const own = Object.fromEntries(Object.entries(labels).filter(([key]) => key !== hashLabel))
  const { labels: wanted = {}, ...rest } = template.metadata ?? {}
  return equal(spec.template?.spec, template.spec) && equal(own, wanted) && equal(metadata, rest)
}

/** Oldest first. */
const setsOf = (deployment: Deployment, round: Round): readonly ReplicaSet[] =>
  round
    .owned<ReplicaSet>('ReplicaSet', deployment)
    .filter(({ metadata }) => metadata.deletionTimestamp === undefined)
    .toSorted((one, other) => revisionOf(one) - revisionOf(other))

const revisionOf = ({ metadata }: ReplicaSet): number => Number(metadata.annotations?.[revisionKey] ?? 0)

function forgetOld(deployment: Deployment, old: readonly ReplicaSet[], round: Round): void {
  const empty = old.filter(
    ({ spec, status, metadata }) =>
      spec.replicas === 0 && status?.replicas === 0 && status.observedGeneration === metadata.generation,
  )
  const limit = deployment.spec.revisionHistoryLimit ?? 10
  for (const set of empty.slice(0, Math.max(0, empty.length - limit))) round.remove(set)
}
