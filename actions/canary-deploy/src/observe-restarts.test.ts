import type { Pod } from '@alt-las/kubernetes'
import { describe, expect, test } from '@jest/globals'
import { trackLabel } from '../../../packages/rollout/model/names.ts'
import { isReady } from '../../../packages/rollout/observe/workloads/pod-facts.ts'
import { v1, v2 } from '../../../packages/rollout/testing/manifests.ts'
import { canaryDeploy } from './canary-deploy.ts'
import { inputs } from './testing/inputs.ts'
import { type Scenario, scenario } from './testing/scenario.ts'

async function installed(): Promise<Scenario> {
  const here = scenario()
  await canaryDeploy(inputs({ image: v1, release: 'v1' }), here.runner('ALT-LAS/web/1/1'))
  here.settle()
  await here.clock.sleep(7 * 24 * 3_600_000)
  return here
}

/** The container ends and is back at once: at every look the pod is ready. */
function restart(here: Scenario, pod: Pod): void {
  const [status] = pod.status?.containerStatuses ?? []
  if (status === undefined) return
  const finishedAt = new Date(here.clock.now()).toISOString()
  const startedAt = status.state?.running?.startedAt ?? finishedAt
  const lastState = { terminated: { exitCode: 3, reason: 'Error', startedAt, finishedAt } }
  const state = { running: { startedAt: finishedAt } }
  const containerStatuses = [{ ...status, restartCount: status.restartCount + 1, state, lastState }]
  here.cluster.put({ ...pod, status: { ...pod.status, containerStatuses } })
}

/** Rolls v2 out; once it has traffic, the containers of these pods restart every ten seconds, so many times. */
async function deployed(here: Scenario, times: number, whose: (pod: Pod) => boolean) {
  const everyMs = 10_000
  let next = Infinity
  let left = times
  here.cluster.hooks.afterCall = () => {
    if (next === Infinity && here.shares()[0] === 10) next = here.clock.elapsed() + everyMs
    if (left === 0 || here.clock.elapsed() < next) return
    next += everyMs
    left -= 1
    for (const pod of here.cluster.all<Pod>('Pod').filter(isReady).filter(whose)) restart(here, pod)
  }
  const steps = { pauseAtPreview: false, steps: [{ weight: 10, holdMs: 60_000 }] }
  return canaryDeploy(inputs({ image: v2, release: 'v2', steps }), here.runner('ALT-LAS/web/2/1'))
}

const isCanary = ({ metadata }: Pod) => metadata.labels?.[trackLabel] === 'canary'

describe('a canary whose containers restart', () => {
  test('goes back though it is ready at every look, with exit code and log', async () => {
    const here = await installed()
    const outcome = await deployed(here, Infinity, isCanary)
    expect(outcome.targets[0]).toMatchObject({ verdict: 'rolled-back' })
    expect(outcome.because).toContain('its containers restarted 2 times in 1 pod since they were ready')
    expect(outcome.because).toContain("stable's 3 pods not once")
    expect(outcome.because).toContain('exit code 3 (Error)')
    expect(outcome.because).toContain('last log lines: starting | Error: DATABASE_URL is not set')
    expect(here.shares()).toEqual([0])
    expect(here.violations).toEqual([])
  })

  test('goes on where stable restarts alike at the same time, once it stays up', async () => {
    const outcome = await deployed(await installed(), 3, () => true)
    expect(outcome.targets[0]).toMatchObject({ verdict: 'promoted' })
  })
})
