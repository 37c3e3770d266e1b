import { readFileSync } from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import { redact } from '@alt-las/secrets'
import { readiness } from './readiness.ts'
import type { Event, Pod, ReplicaSet, Workload } from '@alt-las/kubernetes'

/** API objects of a real cluster (1.34), at the moment at which the workload had failed. */
interface Recording {
  readonly recordedAt: string
  readonly workload: Workload
  readonly replicaSets: readonly ReplicaSet[]
  readonly pods: readonly Pod[]
  readonly events: readonly Event[]
}

const recorded = (name: string) =>
  JSON.parse(readFileSync(new URL(`recorded/${name}.json`, import.meta.url), 'utf8')) as Recording

function look(name: string, change: (recording: Recording) => Recording = (one) => one, earlier = 0) {
  const { workload, pods, events, replicaSets, recordedAt } = change(recorded(name))
  const now = Date.parse(recordedAt) - earlier
  return readiness(workload, pods, events, { now, newest: replicaSets[0] ?? null })
}

describe('standing', () => {
  test.each([
    ['crash', 'crash-loop', 'container app crashes again and again: exit code 3, 1 restart'],
    ['signal', 'crash-loop', 'exit code 139 (SIGSEGV), 1 restart'],
    ['completes', 'crash-loop', 'container app crashes again and again: exit code 0, 1 restart'],
    ['init', 'crash-loop', 'init container prepare crashes again and again: exit code 4'],
    ['stateful', 'crash-loop', 'exit code 5'],
    ['oom', 'out-of-memory', 'most likely out of memory at its limit of 64Mi: exit code 137 (SIGKILL)'],
    ['start', 'start', 'container app cannot be started: failed to create containerd task'],
    ['root', 'config', "container's runAsUser breaks non-root policy"],
    [
      'pull-missing',
      'image-pull',
      'cannot pull its image, and waiting will not help: failed to resolve reference "ghcr.io/alt-las/nowhere:v1"',
    ],
    ['pull-digest', 'image-pull', 'and waiting will not help'],
    ['name-invalid', 'image-name', 'repository name (ALT-LAS/x) must be lowercase'],
    ['security', 'admission', 'its pods are refused: violates PodSecurity "restricted:latest"'],
    [
      'liveness',
      'probe',
      'container app fails its liveness probe and is restarted: exit code 137 (SIGKILL), 2 restarts',
    ],
    ['startup', 'probe', 'container app fails its startup probe and is restarted'],
  ])('%s has failed at once: %s, %s', (name, kind, text) => {
    const seen = look(name)
    expect(seen).toMatchObject({ kind: 'failed', cause: { kind } })
    expect(seen.because).toContain(text)
    expect(look(name, (one) => one, 10_000_000).kind).toBe('failed')
  })

  test.each([
    [
      'pull-refused',
      'image-pull',
      120,
      'which may be temporary: failed to resolve reference "127.0.0.1:1/x/y:v1"',
    ],
    ['pull-nohost', 'image-pull', 120, 'no such host'],
    ['secret-env', 'config', 20, 'container app cannot be created: secret "nope" not found'],
    ['secret-key', 'config', 20, "couldn't find key nokey in ConfigMap shop/a"],
    ['config-volume', 'config', 20, 'mounts configmap nope, which does not exist'],
    ['account', 'config', 20, 'serviceaccount "nope" not found'],
    [
      'quota',
      'quota',
      30,
      "do not fit the namespace's quota: exceeded quota: small, requested: requests.cpu=10m",
    ],
    ['cpu', 'unschedulable', 60, '0/1 nodes are available: 1 Insufficient cpu'],
    ['claim', 'unschedulable', 60, 'persistentvolumeclaim "nope" not found'],
    [
      'readiness',
      'probe',
      60,
      'runs and is not ready: Readiness probe failed: HTTP probe failed with statuscode: 503',
    ],
  ])('%s is transient (%s), and has failed after %i s: %s', (name, kind, seconds, text) => {
    const seen = look(name)
    expect(seen).toMatchObject({ kind: 'failed', cause: { kind, heals: true, graceMs: seconds * 1000 } })
    expect(seen.because).toContain(text)
    const earlier = look(name, (one) => one, 15_000)
    expect(earlier).toMatchObject({ kind: 'waiting', because: seen.because })
  })

  test('a healthy one is ready, and not before its controller has seen the newest spec', () => {
    expect(look('healthy')).toEqual({ kind: 'ready', because: '2 of 2 pods are ready' })
    const newer = look('healthy', (one) => ({
      ...one,
      workload: { ...one.workload, metadata: { ...one.workload.metadata, generation: 99 } } as Workload,
    }))
    expect(newer).toEqual({ kind: 'waiting', because: '2 of 2 pods are ready' })
  })

  test('pods of an older template and pods on their way out are not held against the new one', () => {
    const foreign = { kind: 'ReplicaSet', name: 'old', uid: 'old' }
    const old = look('crash', (one) => ({
      ...one,
      pods: one.pods.map((pod) => ({ ...pod, metadata: { ...pod.metadata, ownerReferences: [foreign] } })),
    }))
    const ending = look('crash', (one) => ({
      ...one,
      pods: one.pods.map((pod) => ({ ...pod, metadata: { ...pod.metadata, deletionTimestamp: 'now' } })),
    }))
    expect([old.kind, ending.kind]).toEqual(['waiting', 'waiting'])
  })

  test('one crash may be resolved by the next start', () => {
    const once = look('crash', (one) => ({
      ...one,
      pods: one.pods.map((pod) => ({
        ...pod,
        status: {
          ...pod.status,
          containerStatuses: (pod.status?.containerStatuses ?? []).map((status) => ({
            ...status,
            restartCount: 0,
            state: { terminated: { exitCode: 3, finishedAt: one.recordedAt } },
            lastState: {},
          })),
        },
      })),
    }))
    expect(once).toMatchObject({ kind: 'waiting', cause: { heals: true, hasLog: true } })
  })

  test('a memory limit that was hit is told with the limit', () => {
    const oom = look('oom', (one) => ({
      ...one,
      pods: one.pods.map((pod) => ({
        ...pod,
        status: {
          ...pod.status,
          containerStatuses: (pod.status?.containerStatuses ?? []).map((status) => ({
            ...status,
            state: { terminated: { exitCode: 137, reason: 'OOMKilled' } },
          })),
        },
      })),
    }))
    expect(oom).toMatchObject({ kind: 'failed', cause: { kind: 'out-of-memory' } })
    expect(oom.because).toContain('container app ran out of memory at its limit of 64Mi')
  })

  test("an eviction is not the version's fault and fails no workload by itself", () => {
    const evicted = look('healthy', (one) => ({
      ...one,
      workload: {
        ...one.workload,
        status: { observedGeneration: 1, replicas: 2, updatedReplicas: 2 },
      } as Workload,
      pods: one.pods.map((pod) => ({
        ...pod,
        status: { phase: 'Failed', reason: 'Evicted', message: 'low on memory' },
      })),
    }))
    expect(evicted).toMatchObject({ kind: 'waiting', cause: { kind: 'eviction', graceMs: null } })
    expect(evicted.because).toContain('(and 1 more pod)')
  })

  test('a progress deadline that has passed is the last word where nothing else is known', () => {
    const late = look('healthy', (one) => ({
      ...one,
      pods: [],
      events: [],
      workload: {
        ...one.workload,
        status: {
          observedGeneration: 1,
          conditions: [{ type: 'Progressing', status: 'False', reason: 'ProgressDeadlineExceeded' }],
        },
      } as Workload,
    }))
    expect(late).toMatchObject({ kind: 'failed', cause: { kind: 'deadline' } })
  })
})

test.each(['crash', 'start'])(
  'the last words of a container in %s are shown without the secrets in them',
  (name) => {
    const said = 'connecting to postgres://app:hunter2@db/x failed'
    const text = JSON.stringify(recorded(name))
      .replaceAll(/"exitCode":/g, `"message":"${said}","exitCode":`)
      .replaceAll('failed to create containerd task', said)
    expect(look(name, () => JSON.parse(text) as Recording)).toMatchObject({
      because: expect.stringContaining('postgres://app:***@db/x') as unknown,
    })
  },
)

describe('redact', () => {
  test.each([
    ['DATABASE_URL=postgres://app:hunter2@db/x', 'DATABASE_URL=postgres://app:***@db/x'],
    ['{"password": "a b c", "user": "u"}', '{"password": ***, "user": "u"}'],
    ['MIIEpAIBAAKCAQEA7bq98Q7Wcv0g3m3sJYk4yq7o2w1x5y6z7A8B9C0D1E2F3G4H', '***'],
    ['API_KEY=abc next', 'API_KEY=*** next'],
    ['Authorization: Bearer abcdefghijkl', 'Authorization: Bearer ***'],
    ['got eyJhbGciOiJIUzI1.eyJzdWIiOiIxMjM0.abc', 'got ***'],
    ['listening on 8080', 'listening on 8080'],
  ])('%s', (text, clean) => {
    expect(redact(text)).toBe(clean)
  })
})
