import { readFileSync } from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import type { Pod, ReplicaSet, Workload } from '@alt-las/kubernetes'
import { readiness } from '../readiness.ts'

interface Recording {
  readonly recordedAt: string
  readonly workload: Workload
  readonly replicaSets: readonly ReplicaSet[]
  readonly pods: readonly Pod[]
}
const recording = JSON.parse(
  readFileSync(new URL('../recorded/secret-env.json', import.meta.url), 'utf8'),
) as Recording

/** A recorded pod whose container waits for this reason, so long after its start. */
function look(reason: string, message: string, afterMs: number) {
  const { workload, replicaSets } = recording
  const pods = recording.pods.map((pod) => ({
    ...pod,
    status: {
      ...pod.status,
      containerStatuses: (pod.status?.containerStatuses ?? []).map((one) => ({
        ...one,
        state: { waiting: { reason, message } },
      })),
    },
  }))
  const start = Date.parse(pods[0]?.status.startTime ?? '')
  return readiness(workload, pods, [], { now: start + afterMs, newest: replicaSets[0] ?? null })
}

describe('a container that is not made yet', () => {
  // The first of them as a cluster said it of a healthy version.
  test.each([
    ['CreateContainerConfigError', 'failed to sync configmap cache: timed out waiting for the condition'],
    ['CreateContainerConfigError', 'object "shop"/"settings" not registered'],
    ['CreateContainerConfigError', 'services have not yet been read at least once, cannot construct envvars'],
    [
      'CreateContainerError',
      'failed to reserve container name "app_web": name "app_web" is reserved for "4f"',
    ],
    ['CreateContainerError', 'context deadline exceeded'],
  ])('%s: %s: its node is busy, and has two minutes', (reason, message) => {
    const early = look(reason, message, 119_000)
    expect(early).toMatchObject({
      kind: 'waiting',
      cause: { kind: 'node', fault: 'surroundings', heals: true },
    })
    expect(early.because).toContain("not the version's fault")
    expect(look(reason, message, 120_000).kind).toBe('failed')
  })

  test.each([
    ['CreateContainerConfigError', 'container has runAsNonRoot and image will run as root', 'config'],
    ['RunContainerError', 'exec: "nope": executable file not found in $PATH', 'start'],
    ['PostStartHookError', 'Get "http://10.0.0.1/up": connection refused', 'start'],
  ])('%s: %s: is the fault of its version, and fails at once', (reason, message, kind) => {
    expect(look(reason, message, 1000)).toMatchObject({
      kind: 'failed',
      cause: { kind, fault: 'version', heals: false },
    })
  })
})
