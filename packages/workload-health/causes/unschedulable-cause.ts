import { timeOf, type Cause } from './cause.ts'
import type { Event, Pod } from '@alt-las/kubernetes'

interface Reason {
  readonly nodes: number
  readonly why: string
}

/** No node accepts the pod: the scheduler's reasons, summed over the nodes, most frequent first. */
export function unschedulableCause(pod: Pod, events: readonly Event[]): Cause | null {
  const { metadata, status } = pod
  const scheduled = status?.conditions?.find(({ type }) => type === 'PodScheduled')
  if (scheduled?.status !== 'False' || scheduled.reason !== 'Unschedulable') return null
  const said = withoutPreemption(scheduled.message ?? '')
  const reasons = reasonsOf(said)
  // A new node takes minutes to join.
  const growing = events.some(({ reason }) => reason === 'TriggeredScaleUp')
  const base = {
    heals: true,
    since: timeOf(scheduled.lastTransitionTime) ?? timeOf(metadata.creationTimestamp),
    evidence: { message: said, reasons, addingNodes: growing },
  }
  if (reasons.length > 0 && reasons.every(({ why }) => isNodeTrouble(why))) {
    const because = `no node accepts pod ${metadata.name} while the nodes are unhealthy, which is not the version's fault: ${said}`
    return { ...base, kind: 'node', because, graceMs: null, fault: 'surroundings', about: 'nodes' }
  }
  const own = /didn't match Pod's node affinity|persistentvolumeclaim "[^"]+" not found/.test(said)
  return {
    ...base,
    kind: 'unschedulable',
    because: `no node accepts pod ${metadata.name}: ${said}`,
    graceMs: growing ? 600_000 : 60_000,
    fault: own ? 'version' : 'surroundings',
  }
}

/** Maximum characters of the scheduler's message that are read: its patterns take the square of a long one. */
const longest = 4000

// The message about preemption only repeats the numbers.
const withoutPreemption = (message: string): string =>
  message
    .slice(0, longest)
    .replace(/\s*(?:no new claims to deallocate|preemption:).*$/s, '')
    .replace(/[,.\s]+$/, '')

/** `0/5 nodes are available: 3 Insufficient cpu, 2 node(s) had untolerated taint {a: b}` as numbers. */
function reasonsOf(message: string): readonly Reason[] {
  const [, list = ''] = /nodes are available: (.*)$/s.exec(message) ?? []
  return [...list.matchAll(/(\d+) (.+?)(?=, \d+ |$)/g)]
    .map(([, nodes = '0', why = '']): Reason => ({ nodes: Number(nodes), why }))
    .sort((one, other) => other.nodes - one.nodes)
}

const isNodeTrouble = (why: string): boolean =>
  /node\.kubernetes\.io\/(not-ready|unreachable|memory-pressure|disk-pressure|pid-pressure|network-unavailable|unschedulable)|were unschedulable/.test(
    why,
  )
