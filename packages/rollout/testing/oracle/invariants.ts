import type { ConfigMap, Deployment, Pod, Service } from '@alt-las/kubernetes'
import { podHash } from '@alt-las/routers'
import type { FakeCluster } from '@alt-las/simulated-cluster'
import { shareOf } from '../../../routers/weights.ts'
import { trackLabel } from '../../model/names.ts'
import type { Phase } from '../../model/phase.ts'
import type { Rollout } from '../../model/rollout.ts'
import { isReady } from '../../observe/pod-facts.ts'
import { readState } from '../../state/journal.ts'
import { routedRules, traefikRules } from './routes.ts'
import { selectedPods } from './pods.ts'
import { pair } from '../traffic.ts'

/** No invariant reads these: a write of one breaks none. */
export const silentKinds: ReadonlySet<string> = new Set(['Lease', 'ReplicaSet', 'EndpointSlice', 'Event'])

/** What must hold at every instant, whatever was killed, refused or delayed; each sentence is one broken promise. */
export function brokenInvariants(cluster: FakeCluster): readonly string[] {
  const facts = factsOf(cluster)
  return [...aboutStable(facts), ...aboutCanary(facts)]
}

/** What must hold even while pods of the canary die under its traffic, and nobody has had the time to take that away. */
export const brokenInvariantsOfStable = (cluster: FakeCluster): readonly string[] =>
  aboutStable(factsOf(cluster))

const aboutStable = (facts: Facts): readonly string[] => [
  ...served(facts),
  ...starved(facts),
  ...(facts.rollout === null ? [] : whole(facts, facts.rollout)),
]

const aboutCanary = (facts: Facts): readonly string[] => [
  ...overfed(facts),
  ...dropped(facts),
  ...(facts.rollout === null ? [] : allowance(facts, facts.rollout)),
]

interface Facts {
  readonly cluster: FakeCluster
  readonly pods: readonly Pod[]
  readonly shares: readonly number[]
  readonly rollout: Rollout | null
}

function factsOf(cluster: FakeCluster): Facts {
  const state = cluster.peek<ConfigMap>({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    namespace: 'shop',
    name: 'alt-las-rollout-web',
  })
  const shares = routedRules(cluster).map((refs) => shareOf(refs, pair))
  return {
    cluster,
    pods: cluster.all<Pod>('Pod').filter((pod) => pod.metadata.labels?.['app'] === 'web'),
    shares,
    rollout: stateOf(state),
  }
}

const read = new WeakMap<ConfigMap, Rollout | null>()

/** Stored objects never change: each is read once, though looked at after every write. */
function stateOf(found: ConfigMap | null): Rollout | null {
  if (found === null) return null
  const known = read.get(found)
  if (known !== undefined) return known
  const rollout = readState(found)
  read.set(found, rollout)
  return rollout
}

const isCanary = ({ metadata }: Pod) => metadata.labels?.[trackLabel] === 'canary'

function readyOf({ cluster }: Facts, name: string): number {
  const service = cluster.peek<Service>({ apiVersion: 'v1', kind: 'Service', namespace: 'shop', name })
  return service === null ? 0 : selectedPods(service, cluster).filter(isReady).length
}

/** A caller inside the cluster always finds somebody, once somebody was there. */
function served(facts: Facts): readonly string[] {
  const someoneServes = facts.pods.some((pod) => isReady(pod))
  const exists = facts.cluster.all('Service').length > 0
  return exists &&
    someoneServes &&
    facts.pods.some((pod) => isReady(pod) && !isCanary(pod)) &&
    readyOf(facts, 'web') === 0
    ? ["stable's Service selects no ready pod"]
    : []
}

/** Weight stays only where pods are ready for it. */
function starved(facts: Facts): readonly string[] {
  const nobody = facts.pods.some(isReady) && readyOf(facts, 'web') === 0
  return facts.shares.flatMap((share) =>
    share < 100 && nobody ? [`${100 - share}% goes to a stable without a ready pod`] : [],
  )
}

/** Weight goes only where pods are ready for it. */
function overfed(facts: Facts): readonly string[] {
  const nobody = readyOf(facts, 'web-canary') === 0
  return facts.shares.flatMap((share) =>
    share > 0 && nobody ? [`${share}% goes to a canary without a ready pod`] : [],
  )
}

/** Traefik answers nothing any more on a route of which one backend has no ready pod, whatever its weight. */
function dropped(facts: Facts): readonly string[] {
  const named = new Set(traefikRules(facts.cluster).flatMap((refs) => refs.map(({ name }) => name)))
  return named.has('web-canary') && readyOf(facts, 'web-canary') === 0
    ? ['a route of Traefik names the canary, which has no ready pod']
    : []
}

/** No weight beyond the last saved phase; capacity before it. */
function allowance(facts: Facts, { phase, plan, baseline }: Rollout): readonly string[] {
  const most = allowed(
    phase,
    plan.steps.map((step) => step.weight),
  )
  const highest = Math.max(0, ...facts.shares, ...(plan.router === 'replicas' ? [podShare(facts)] : []))
  const canary = facts.pods.filter((pod) => isCanary(pod) && isReady(pod)).length
  const problems: string[] = []
  if (highest > most) problems.push(`${highest}% on the canary in ${phase.kind}, which allows ${most}%`)
  if (phase.kind === 'step' && canary < Math.ceil((highest / 100) * baseline.replicas - 1e-9))
    problems.push(`${highest}% on ${canary} canary pods of ${baseline.replicas}`)
  return problems
}

/** Stable is whole until its turn has come; no adopted pod is ever recreated. */
function whole(facts: Facts, { phase, plan, baseline }: Rollout): readonly string[] {
  const problems: string[] = []
  if (plan.strategy !== 'rolling' && guarded.has(phase.kind) && baseline.hash !== null) {
    const old = facts.pods.filter(
      (pod) => pod.metadata.labels?.[podHash] === baseline.hash && isReady(pod),
    ).length
    if (old < baseline.replicas)
      problems.push(`only ${old} of stable's ${baseline.replicas} pods are left in ${phase.kind}`)
    const stable = facts.cluster.peek<Deployment>({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      namespace: 'shop',
      name: 'web',
    })
    if (stable?.spec.replicas !== baseline.replicas) problems.push("stable's replicas changed")
  }
  return problems
}

/** The canary's share of the ready pods behind stable's Service, in percent. */
function podShare({ cluster }: Facts): number {
  const service = cluster.peek<Service>({ apiVersion: 'v1', kind: 'Service', namespace: 'shop', name: 'web' })
  const ready = service === null ? [] : selectedPods(service, cluster).filter(isReady)
  return ready.length === 0 ? 0 : (100 * ready.filter(isCanary).length) / ready.length
}

const guarded = new Set<Phase['kind']>(['prepare', 'step', 'paused', 'promote-traffic', 'warm'])

/** The highest share of the canary that a phase allows, in percent. */
function allowed(phase: Phase, steps: readonly number[]): number {
  switch (phase.kind) {
    case 'apply':
    case 'pre-deploy':
    case 'install':
    case 'prepare':
    case 'roll':
    case 'done':
      return 0
    case 'step':
      return phase.weight
    case 'paused':
      return typeof phase.at === 'number' ? (steps[phase.at] ?? 0) : phase.at === 'warm' ? 100 : 0
    // Weight only leaves the canary here; from where it came, its own phase allowed it.
    case 'revert':
    case 'promote-clean':
    case 'promote-traffic':
    case 'warm':
    case 'promote-stable':
    case 'promote-return':
      return 100
  }
}
