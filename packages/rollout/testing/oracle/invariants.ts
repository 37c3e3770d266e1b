// The oracle of the histories: the invariants at every instant, whatever was killed, refused or delayed. It reads raw objects of the
// simulated API server and calls no code of the product.
import type { Deployment, Pod } from '@alt-las/kubernetes'
import type { FakeCluster } from '@alt-las/simulated-cluster'
import { allowedWeight, mayHaveAudience } from './allowed-weight.ts'
import { isCanary, isReady, readyBehind } from './pods.ts'
import { audienceShares, canaryShares, traefikRules } from './routes.ts'
import { type SavedState, savedState } from './state.ts'

/** No invariant reads these: a write of one breaks none. */
export const silentKinds: ReadonlySet<string> = new Set(['Lease', 'ReplicaSet', 'EndpointSlice', 'Event'])

/** Each sentence is one broken invariant. */
export const brokenInvariants = (cluster: FakeCluster, service = 'web'): readonly string[] =>
  broken({ ...ofStable, ...ofCanary }, cluster, service)

/** The invariants that hold even while pods of the canary die under its traffic, before a run can move it away. */
export const brokenInvariantsOfStable = (cluster: FakeCluster, service = 'web'): readonly string[] =>
  broken(ofStable, cluster, service)

interface Facts {
  readonly cluster: FakeCluster
  /** The name of the target: of its Deployment and its Service. */
  readonly service: string
  /** Of either version. */
  readonly pods: readonly Pod[]
  /** The canary's weight in percent, by rule of every route. */
  readonly shares: readonly number[]
  readonly state: SavedState | null
}

type Invariant = (facts: Facts) => readonly string[]

function broken(
  all: Readonly<Record<string, Invariant>>,
  cluster: FakeCluster,
  service: string,
): readonly string[] {
  const facts: Facts = {
    cluster,
    service,
    pods: cluster.all<Pod>('Pod').filter((pod) => pod.metadata.labels?.['app'] === service),
    shares: canaryShares(cluster, service),
    state: savedState(cluster, service),
  }
  return Object.values(all).flatMap((invariant) => invariant(facts))
}

const ofStable = { stableServes, weightOnStable, stablePodsStay, stableReplicasStay } satisfies Record<
  string,
  Invariant
>
const ofCanary = {
  weightOnCanary,
  traefikBackends,
  phaseIsKnown,
  weightIsAllowed,
  audienceIsAllowed,
  capacityFirst,
} satisfies Record<string, Invariant>

/** All invariants: each has a test that breaks it. */
export const invariantNames: readonly string[] = Object.keys({ ...ofStable, ...ofCanary })

/** A caller inside the cluster always finds a pod of stable, once one is ready. */
function stableServes({ cluster, service, pods }: Facts): readonly string[] {
  const exists = cluster.all('Service').some(({ metadata }) => metadata.name === service)
  const isThere = pods.some((pod) => isReady(pod) && !isCanary(pod))
  return exists && isThere && readyBehind(service, cluster).length === 0
    ? ["stable's Service selects no ready pod"]
    : []
}

/** Weight stays only where pods are ready for it. */
function weightOnStable({ cluster, service, pods, shares }: Facts): readonly string[] {
  if (!pods.some(isReady) || readyBehind(service, cluster).length > 0) return []
  return shares
    .filter((share) => share < 100)
    .map((share) => `${100 - share}% goes to a stable without a ready pod`)
}

/** Weight goes only where pods are ready for it. */
function weightOnCanary({ cluster, service, shares }: Facts): readonly string[] {
  if (readyBehind(`${service}-canary`, cluster).length > 0) return []
  return [...shares, ...audienceShares(cluster, service)]
    .filter((share) => share > 0)
    .map((share) => `${share}% goes to a canary without a ready pod`)
}

/** Traefik drops a route if one of its backends has no ready pod, whatever its weight. */
function traefikBackends({ cluster, service }: Facts): readonly string[] {
  const named = new Set(traefikRules(cluster).flatMap((refs) => refs.map(({ name }) => name)))
  return named.has(`${service}-canary`) && readyBehind(`${service}-canary`, cluster).length === 0
    ? ['a route of Traefik names the canary, which has no ready pod']
    : []
}

function phaseIsKnown({ state }: Facts): readonly string[] {
  return state !== null && allowedWeight(state) === null
    ? [`the state is in ${state.phase.kind}, a phase without a highest weight`]
    : []
}

/** No weight beyond the last saved phase. */
function weightIsAllowed(facts: Facts): readonly string[] {
  if (facts.state === null) return []
  const most = allowedWeight(facts.state) ?? 100
  const highest = highestShare(facts, facts.state)
  return highest > most
    ? [`${highest}% on the canary in ${facts.state.phase.kind}, which allows ${most}%`]
    : []
}

/** An audience goes to the canary alone, and only in phases that know of it. */
function audienceIsAllowed({ cluster, state }: Facts): readonly string[] {
  if (state === null) return []
  const { phase } = state
  return audienceShares(cluster).flatMap((share) => [
    ...(mayHaveAudience.has(phase.kind) ? [] : [`the audience has rules in ${phase.kind}`]),
    ...(share === 100 ? [] : [`${share}% of the audience is on the canary`]),
  ])
}

/** Capacity before weight. */
function capacityFirst(facts: Facts): readonly string[] {
  const { state, pods } = facts
  if (state?.phase.kind !== 'step') return []
  const canary = pods.filter((pod) => isCanary(pod) && isReady(pod)).length
  const highest = highestShare(facts, state)
  const { replicas } = state.baseline
  return canary < Math.ceil((highest / 100) * replicas - 1e-9)
    ? [`${highest}% on ${canary} canary pods of ${replicas}`]
    : []
}

const highestShare = ({ cluster, service, shares }: Facts, { plan }: SavedState): number =>
  Math.max(0, ...shares, ...(plan.router === 'replicas' ? [podShare(cluster, service)] : []))

/** The canary's share of the ready pods behind stable's Service, in percent. */
function podShare(cluster: FakeCluster, service: string): number {
  const ready = readyBehind(service, cluster)
  return ready.length === 0 ? 0 : (100 * ready.filter(isCanary).length) / ready.length
}

/** Stable keeps all of its pods until its own update; no adopted pod is ever recreated. */
function stablePodsStay({ pods, state }: Facts): readonly string[] {
  if (!isStableKept(state) || state.baseline.hash === null) return []
  const { phase, baseline } = state
  const old = pods.filter((pod) => pod.metadata.labels?.['pod-template-hash'] === baseline.hash)
  const ready = old.filter(isReady).length
  return ready < baseline.replicas
    ? [`only ${ready} of stable's ${baseline.replicas} pods are left in ${phase.kind}`]
    : []
}

function stableReplicasStay({ cluster, service, state }: Facts): readonly string[] {
  if (!isStableKept(state) || state.baseline.hash === null) return []
  const at = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: service }
  const stable = cluster.peek<Deployment>(at)
  return stable?.spec.replicas === state.baseline.replicas ? [] : ["stable's replicas changed"]
}

const isStableKept = (state: SavedState | null): state is SavedState =>
  state !== null && state.plan.strategy !== 'rolling' && kept.has(state.phase.kind)

const kept: ReadonlySet<string> = new Set([
  'prepare',
  'smoke',
  'audience',
  'step',
  'paused',
  'promote-traffic',
  'warm',
  'compare',
])
