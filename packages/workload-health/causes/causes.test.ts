import { readFileSync } from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import { budgetCause } from './budget-cause.ts'
import type { Cause } from './cause.ts'
import { jobStatus } from '../job-status.ts'
import type { Event, Job, Pod, PodDisruptionBudget, ReplicaSet, Workload } from '@alt-las/kubernetes'
import { sharedCause } from '../shared-cause.ts'
import { readiness } from '../readiness.ts'

/** API objects of a real cluster (1.34), at the moment at which the cause was seen. */
interface Recording {
  readonly recordedAt: string
  readonly workload: Workload | Job
  readonly replicaSets: readonly ReplicaSet[]
  readonly pods: readonly Pod[]
  readonly events: readonly Event[]
}
const read = <T>(name: string): T =>
  JSON.parse(readFileSync(new URL(`../recorded/${name}.json`, import.meta.url), 'utf8')) as T

function look(name: string, change: (pod: Pod) => Pod = (one) => one, laterMs = 0) {
  const { recordedAt, workload, replicaSets, pods, events } = read<Recording>(name)
  const now = Date.parse(recordedAt) + laterMs
  if (workload.kind === 'Job') return jobStatus(workload as Job, pods.map(change), events, now)
  return readiness(workload as Workload, pods.map(change), events, { now, newest: replicaSets[0] ?? null })
}

const causeOf = (found: ReturnType<typeof look>): Cause => {
  if (!('cause' in found) || found.cause === undefined) throw new Error(`no cause: ${found.because}`)
  return found.cause
}

const ended = (reason: string, message: string) => (pod: Pod) => ({
  ...pod,
  status: { ...pod.status, phase: 'Failed' as const, reason, message },
})
const notStarted = (pod: Pod): Pod => {
  const terminated = { exitCode: 128, reason: 'StartError', message: 'exec: "nope": not found' }
  const containerStatuses = [{ name: 'app', ready: false, restartCount: 0, state: { terminated } }]
  return { ...pod, status: { ...pod.status, containerStatuses } }
}
const unschedulable = (message: string) => (pod: Pod) => ({
  ...pod,
  status: {
    ...pod.status,
    conditions: [{ type: 'PodScheduled', status: 'False' as const, reason: 'Unschedulable', message }],
  },
})

describe('a permanent cause', () => {
  test.each([
    [
      'oom-killed',
      'out-of-memory',
      'container app ran out of memory at its limit of 64Mi',
      { memoryLimit: '64Mi' },
    ],
    ['sidecar', 'crash-loop', 'init container proxy crashes again and again: exit code 6', { exitCode: 6 }],
    ['hook', 'start', 'container app is killed, since its postStart hook fails', { exitCode: 137 }],
    ['sysctl', 'admission', 'the node refuses pod', { reason: 'SysctlForbidden' }],
    ['runtime-class', 'admission', 'RuntimeClass "nope" not found', {}],
    ['limit-range', 'admission', 'maximum memory usage per Container is 32Mi, but limit is 64Mi', {}],
    ['policy', 'admission', 'denied request: images need a digest', {}],
    ['daemon-crash', 'crash-loop', 'exit code 7', { exitCode: 7, restarts: 1 }],
    [
      'job-fails',
      'crash-loop',
      'Job job-fails failed (BackoffLimitExceeded): container app crashed: exit code 3',
      {},
    ],
    [
      'job-oom',
      'out-of-memory',
      'ran out of memory at its limit of 64Mi',
      { jobReason: 'BackoffLimitExceeded' },
    ],
    ['job-deadline', 'deadline', 'it ran longer than its 5 s', { jobReason: 'DeadlineExceeded' }],
    ['job-pull', 'image-pull', 'cannot pull its image, and waiting will not help', { permanent: true }],
  ])('%s: %s, %s', (name, kind, because, evidence) => {
    const found = look(name)
    expect(found).toMatchObject({ kind: 'failed', cause: { kind, fault: 'version', evidence } })
    expect(found.because).toContain(because)
  })
})

describe('a transient cause', () => {
  test.each([
    ['readiness-lost', 'probe', 'version', 60, 'statuscode: 503 (every 2 s, may fail 2 times)'],
    ['startup-slow', 'probe', 'version', 165, 'Startup probe failed'],
    ['selector', 'unschedulable', 'version', 60, "1 node(s) didn't match Pod's node affinity/selector"],
    ['cpu', 'unschedulable', 'surroundings', 60, '1 Insufficient cpu'],
    ['host-path', 'mount', 'version', 120, 'hostPath type check failed'],
    ['webhook-down', 'admission', 'surroundings', 60, 'while an admission webhook does not answer'],
    ['daemon-quota', 'quota', 'surroundings', 30, 'exceeded quota: small, requested: pods=1, used: pods=0'],
    ['stateful-quota', 'quota', 'surroundings', 30, "the namespace's quota: exceeded quota: small"],
    ['job-quota', 'quota', 'surroundings', 30, 'exceeded quota: small'],
    ['job-secret', 'config', 'version', 20, 'secret "nope" not found'],
    [
      'stateful-stuck',
      'crash-loop',
      'surroundings',
      60,
      'pod stateful-stuck-0 of the earlier version blocks the update',
    ],
    ['daemon-stale', 'crash-loop', 'surroundings', 60, 'of the earlier version blocks the update'],
    ['pull-refused', 'image-pull', 'surroundings', 120, 'which may be temporary'],
  ])('%s: %s, by the fault of the %s, has failed after %i s: %s', (name, kind, fault, seconds, because) => {
    const late = look(name, undefined, seconds * 1000)
    expect(late).toMatchObject({
      kind: 'failed',
      cause: { kind, fault, heals: true, graceMs: seconds * 1000 },
    })
    expect(late.because).toContain(because)
    const { since } = causeOf(late)
    const early = look(name, undefined, (since ?? 0) + 1000 - Date.parse(read<Recording>(name).recordedAt))
    expect(early.kind).toBe('waiting')
  })

  test('who was ready for a long time has its whole grace when it no longer is', () => {
    const { recordedAt } = read<Recording>('readiness-lost')
    const { since } = causeOf(look('readiness-lost'))
    expect(Date.parse(recordedAt) - (since ?? 0)).toBeLessThan(15_000)
  })

  test('a container that is back for longer than it lived before is no crash loop any more', () => {
    const up = (startedAt: string) => (pod: Pod) => ({
      ...pod,
      status: {
        ...pod.status,
        containerStatuses: (pod.status?.containerStatuses ?? []).map((one) => ({
          ...one,
          restartCount: 4,
          state: { running: { startedAt } },
        })),
      },
    })
    const { recordedAt } = read<Recording>('crash')
    const ago = (ms: number) => new Date(Date.parse(recordedAt) - ms).toISOString()
    expect(look('crash', up(ago(5000))).kind).toBe('failed')
    expect(look('crash', up(ago(61_000)))).toEqual({ kind: 'waiting', because: '0 of 1 pods are ready' })
  })
})

test('a container between two crashes is not ready yet', () => {
  const flapping = (pod: Pod) => ({
    ...pod,
    status: {
      ...pod.status,
      containerStatuses: (pod.status?.containerStatuses ?? []).map((one) => {
        const at = Date.parse(read<Recording>('healthy').recordedAt)
        const [startedAt, finishedAt, back] = [9, 6, 5].map((s) => new Date(at - s * 1000).toISOString())
        const terminated = { exitCode: 3, startedAt: startedAt!, finishedAt: finishedAt! }
        return {
          ...one,
          restartCount: 2,
          state: { running: { startedAt: back! } },
          lastState: { terminated },
        }
      }),
    },
  })
  const found = look('healthy', flapping)
  expect(found).toMatchObject({ kind: 'waiting', cause: { kind: 'crash-loop', graceMs: null } })
  expect(found.because).toContain('it runs again and must stay up')
  expect(look('healthy', flapping, 60_000).kind).toBe('ready')
})

describe("what is not the version's fault", () => {
  test.each([
    [
      'a node that is low',
      ended('Evicted', 'The node was low on resource: memory. Container app was using 90Mi'),
    ],
    [
      'a node that goes down',
      ended('Terminated', 'Pod was terminated in response to imminent node shutdown.'),
    ],
    ['a node without room', ended('OutOfcpu', "Pod was rejected: Node didn't have enough resource: cpu")],
    [
      'nodes in trouble',
      unschedulable(
        '0/3 nodes are available: 1 node(s) were unschedulable, 2 node(s) had untolerated taint {node.kubernetes.io/disk-pressure: }. preemption: 0/3',
      ),
    ],
  ])('%s has no grace that ends', (_, change) => {
    const found = look('cpu', change, 1e9)
    expect(found).toMatchObject({ kind: 'waiting', cause: { fault: 'surroundings', graceMs: null } })
    expect(found.because).toContain("not the version's fault")
  })

  test('a leftover of an eviction does not make a ready workload wait', () => {
    expect(look('healthy', ended('Evicted', 'The node was low on resource: memory.')).kind).toBe('ready')
  })

  test('but a pod that is evicted for its own resource usage is', () => {
    const own = ended('Evicted', 'Usage of EmptyDir volume "d" exceeds the limit "1Mi".')
    expect(look('crash', own)).toMatchObject({
      kind: 'failed',
      cause: { kind: 'eviction', fault: 'version' },
    })
  })

  test("the scheduler's reasons are added up over the nodes, the most frequent first", () => {
    const found = look(
      'cpu',
      unschedulable(
        "0/9 nodes are available: 2 Insufficient cpu, 3 node(s) didn't match Pod's node affinity/selector, 4 node(s) had untolerated taint {a: b}. preemption: 0/9 nodes",
      ),
    )
    expect(causeOf(found).evidence?.['reasons']).toEqual([
      { nodes: 4, why: 'node(s) had untolerated taint {a: b}' },
      { nodes: 3, why: "node(s) didn't match Pod's node affinity/selector" },
      { nodes: 2, why: 'Insufficient cpu' },
    ])
  })

  test("a scheduler's message without an end is cut before it is read", () => {
    const found = look(
      'cpu',
      unschedulable(`0/1 nodes are available: 1 Insufficient cpu${' .'.repeat(100_000)}x`),
    )
    expect(String(causeOf(found).evidence?.['message']).length).toBeLessThanOrEqual(4000)
  })

  test('a PodDisruptionBudget without allowed disruptions is reported with its figures, and fails no workload', () => {
    const budget = read<PodDisruptionBudget>('disruption-budget')
    expect(budgetCause(budget)).toMatchObject({
      kind: 'disruption-budget',
      because: 'the PodDisruptionBudget guarded allows no eviction: 1 of 1 pods are healthy, 1 must be',
      graceMs: null,
    })
    const { workload, recordedAt } = read<Recording>('crash')
    const now = Date.parse(recordedAt)
    expect(readiness(workload as Workload, [], [], { now, budgets: [budget] })).toMatchObject({
      kind: 'waiting',
      cause: { kind: 'disruption-budget' },
    })
    const free = { ...budget, status: { ...budget.status!, disruptionsAllowed: 1 } }
    expect(budgetCause(free)).toBeNull()
  })
})

describe('sharedCause', () => {
  test.each([
    ['crash', 'crash', true],
    ['crash', 'signal', false],
    ['crash', 'oom', false],
    ['secret-env', 'secret-env', true],
    ['secret-env', 'secret-key', false],
    ['pull-refused', 'pull-refused', true],
    ['pull-refused', 'pull-nohost', false],
    ['quota', 'quota', true],
    ['cpu', 'claim', true],
    ['crash', 'healthy', false],
  ])('what %s has, %s has too: %s', (name, other, expected) => {
    expect(sharedCause(causeOf(look(name)), look(other)) !== null).toBe(expected)
  })
})

describe('a Job', () => {
  test('that has completed is ready', () => {
    expect(look('job-done')).toEqual({ kind: 'ready', because: 'Job job-done has completed' })
  })

  test.each<readonly [string, (pod: Pod) => Pod]>([
    ['crash-loop', (pod) => pod],
    ['start', notStarted],
    ['eviction', ended('Evicted', 'Container app exceeded its local ephemeral storage limit "1Mi"')],
  ])('that may try again has not failed by what befell one of its pods: %s', (kind, change) => {
    const { workload, pods, events, recordedAt } = read<Recording>('job-fails')
    const trying = { ...workload, status: { active: 1, failed: 1 } } as Job
    const found = jobStatus(trying, pods.map(change), events, Date.parse(recordedAt) + 1e9)
    expect(found).toMatchObject({ kind: 'waiting', cause: { kind, graceMs: null } })
  })
})
