import { describe, expect, test } from '@jest/globals'
import { toMarkdown } from '@alt-las/outcome'
import { canaryDeploy } from '../canary-deploy.ts'
import type { Given } from '../given.ts'
import { v1, v2 } from '../../../../packages/rollout/testing/manifests.ts'
import { outputsOf, summarize } from './summary.ts'
import { inputs, rollingInputs } from '../testing/inputs.ts'
import { scenario } from '../testing/scenario.ts'
import { workloadAlone } from '../testing/workloads.ts'

async function paused() {
  const here = scenario()
  await canaryDeploy(inputs({ image: v1, release: 'v1.0.0' }), here.ports)
  here.settle()
  const asked: Partial<Given> = { image: v2, release: 'v1.1.0', pauseAt: '10%' }
  return { here, outcome: await canaryDeploy(inputs(asked), here.ports) }
}

describe('the page', () => {
  test('of a pause says who gets what, and the lines that go on', async () => {
    const { outcome } = await paused()
    const page = toMarkdown(summarize(outcome))
    expect(page).toContain('### canary-deploy: web v1.1.0 paused')
    expect(page).toContain('| strategy | canary |')
    expect(page).toContain('| its traffic | 10%, the rest goes to the previous version |')
    expect(page).toContain(
      '    operation: promote # or abort\n    namespace: shop\n    deployment: web\n    metrics-url: # as for deploy',
    )
  })

  test('of the status afterwards says the same, with the weight that is really there', async () => {
    const { here } = await paused()
    const status = await canaryDeploy(inputs({ operation: 'status' }), here.ports)
    expect(status.because).toBe(
      'web runs v1.0.0, a canary rollout to v1.1.0 is in paused at step 1 with 10% of the traffic',
    )
    const page = toMarkdown(summarize(status))
    expect(page).toContain('### canary-deploy: web v1.1.0 paused')
    expect(page).toContain('operation: promote # or abort')
    const [state] = JSON.parse(outputsOf(status)['state'] ?? '') as readonly object[]
    expect(state).toMatchObject({
      namespace: 'shop',
      deployment: 'web',
      workload: 'Deployment',
      strategy: 'canary',
      phase: 'paused at step 1',
      verdict: 'paused',
      weight: 10,
      release: 'v1.0.0',
    })
  })

  test('of what was promoted by hand counts each step by itself', async () => {
    const { here } = await paused()
    const outcome = await canaryDeploy(inputs({ operation: 'promote' }), here.ports)
    const steps = outcome.targets[0]?.rollout?.judgement.steps ?? []
    expect(steps.map(({ weight, blocks }) => [weight, blocks >= 2])).toEqual([
      [10, true],
      [50, true],
    ])
  })

  test('of what was judged draws what both versions did, and its document holds it', async () => {
    const { here } = await paused()
    const outcome = await canaryDeploy(inputs({ operation: 'promote' }), here.ports)
    const page = toMarkdown(summarize(outcome))
    expect(page).toContain('title "percent of the traffic on canary"')
    expect(page).toContain('<summary>failed requests')
    const course = outcome.evidence.targets[0]?.judgement?.course ?? []
    expect(course.length).toBeGreaterThan(2)
    expect(course.reduce((all, one) => all + one.canary.requests, 0)).toBeGreaterThan(0)
    expect(new Set(course.map(({ weightPercent }) => weightPercent))).toEqual(new Set([10, 50]))
  })

  test('of several targets keeps the picture of each one click away', async () => {
    const { outcome } = await paused()
    const [web] = outcome.targets
    if (web === undefined) throw new Error('no target')
    const targets = [web, { ...web, deployment: 'worker' }, { ...web, deployment: 'idle', rollout: null }]
    const page = toMarkdown(summarize({ ...outcome, targets }))
    expect(page).toContain('<details><summary>web</summary>')
    expect(page).toContain('<details><summary>worker</summary>')
    expect(page).not.toContain('<details><summary>idle</summary>')
  })

  test('of a first installation, where nothing was judged, draws nothing', async () => {
    const outcome = await canaryDeploy(inputs({ image: v1, release: 'v1.0.0' }), scenario().ports)
    expect(toMarkdown(summarize(outcome))).not.toContain('mermaid')
  })

  test('of a rolling update draws no curve of traffic', async () => {
    const here = scenario(workloadAlone('StatefulSet'))
    const outcome = await canaryDeploy(rollingInputs({ image: v1, release: 'v1.0.0' }), here.runner('a/1/1'))
    const page = toMarkdown(summarize(outcome))
    expect(page).toContain('| target | StatefulSet shop/web |')
    expect(page).toContain('| strategy | rolling |')
    expect(page).not.toContain('mermaid')
  })
})
