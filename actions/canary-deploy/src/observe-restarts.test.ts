import type { Pod } from '@alt-las/kubernetes'
import { describe, expect, test } from '@jest/globals'
import { trackLabel } from '../../../packages/rollout/model/names.ts'
import { isReady } from '../../../packages/rollout/observe/pod-facts.ts'
import { v1, v2 } from '../../../packages/rollout/testing/manifests.ts'
import { canaryDeploy } from './canary-deploy.ts'
import { type SimulatedLab, inputs, simulatedLab } from './testing/lab.ts'

async function installed(): Promise<SimulatedLab> {
  const lab = simulatedLab()
  await canaryDeploy(inputs({ image: v1, release: 'v1' }), lab.runner('ALT-LAS/web/1/1'))
  lab.settle()
  await lab.clock.sleep(7 * 24 * 3_600_000)
  return lab
}

/** The container ends and is back at once: at every look the pod is ready. */
function restart(lab: SimulatedLab, pod: Pod): void {
  const [status] = pod.status?.containerStatuses ?? []
  if (status === undefined) return
  const finishedAt = new Date(lab.clock.now()).toISOString()
  const startedAt = status.state?.running?.startedAt ?? finishedAt
  const lastState = { terminated: { exitCode: 3, reason: 'Error', startedAt, finishedAt } }
  const state = { running: { startedAt: finishedAt } }
  const containerStatuses = [{ ...status, restartCount: status.restartCount + 1, state, lastState }]
  lab.cluster.put({ ...pod, status: { ...pod.status, containerStatuses } })
}

/** Rolls v2 out; once it has traffic, the containers of these pods restart every ten seconds, so many times. */
async function deployed(lab: SimulatedLab, times: number, whose: (pod: Pod) => boolean) {
  const everyMs = 10_000
  let next = Infinity
  let left = times
  lab.cluster.hooks.afterCall = () => {
    if (next === Infinity && lab.shares()[0] === 10) next = lab.clock.elapsed() + everyMs
    if (left === 0 || lab.clock.elapsed() < next) return
    next += everyMs
    left -= 1
    for (const pod of lab.cluster.all<Pod>('Pod').filter(isReady).filter(whose)) restart(lab, pod)
  }
  const steps = { pauseAtPreview: false, steps: [{ weight: 10, holdMs: 60_000 }] }
  return canaryDeploy(inputs({ image: v2, release: 'v2', steps }), lab.runner('ALT-LAS/web/2/1'))
}

const isCanary = ({ metadata }: Pod) => metadata.labels?.[trackLabel] === 'canary'

describe('a canary whose containers restart', () => {
  test('goes back though it is ready at every look, with exit code and log', async () => {
    const lab = await installed()
    const outcome = await deployed(lab, Infinity, isCanary)
    expect(outcome.targets[0]).toMatchObject({ verdict: 'rolled-back' })
    expect(outcome.because).toContain('its containers restarted 2 times in 1 pod since they were ready')
    expect(outcome.because).toContain("stable's 3 pods not once")
    expect(outcome.because).toContain('exit code 3 (Error)')
    expect(outcome.because).toContain('last log lines: starting | Error: DATABASE_URL is not set')
    expect(lab.shares()).toEqual([0])
    expect(lab.violations).toEqual([])
  })

  test('goes on where stable restarts alike at the same time, once it stays up', async () => {
    const outcome = await deployed(await installed(), 3, () => true)
    expect(outcome.targets[0]).toMatchObject({ verdict: 'promoted' })
  })
})
