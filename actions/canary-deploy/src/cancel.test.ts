import type { HTTPRoute } from '@alt-las/kubernetes'
import type { Evidence } from '@alt-las/outcome'
import { startDraft } from '@alt-las/runner'
import { describe, expect, test } from '@jest/globals'
import { v1, v2, v3 } from '../../../packages/rollout/testing/manifests.ts'
import { canaryDeploy } from './canary-deploy.ts'
import type { Given } from './given.ts'
import { finishUnfinished } from './operations/finish-unfinished.ts'
import { keepDraft } from './operations/keep-draft.ts'
import { unfinishedTargets, parseUnfinished } from './operations/unfinished-targets.ts'
import type { Ports } from './ports.ts'
import { inputs } from './testing/inputs.ts'
import { type Scenario, scenario } from './testing/scenario.ts'

async function installed(): Promise<Scenario> {
  const here = scenario()
  await canaryDeploy(inputs({ image: v1, release: 'v1' }), here.runner('ALT-LAS/web/1/1'))
  here.settle()
  return here
}

/** Runs until `when` holds, is interrupted there, and says what it has left for its post step. */
async function interrupted(here: Scenario, wanted: Partial<Given>, when: () => boolean) {
  const signal = new AbortController()
  let kept = ''
  let writesAtSignal = 0
  here.cluster.hooks.afterCall = () => {
    if (signal.signal.aborted || !when()) return
    writesAtSignal = here.cluster.writes().length
    signal.abort(new Error('interrupted by SIGINT'))
  }
  const leaves = unfinishedTargets((text) => (kept = text))
  const { draft, known } = startDraft<Evidence<'canary-deploy'>>(() => here.clock.now())
  const ports: Ports = {
    ...here.runner('ALT-LAS/web/2/1', { interrupted: signal.signal }),
    unfinished: leaves,
  }
  const error: unknown = await keepDraft('deploy', draft, (follow) =>
    canaryDeploy(inputs({ image: v2, release: 'v2', ...wanted }), { ...ports, follow }),
  ).catch((reason: unknown) => reason)
  here.cluster.hooks.afterCall = () => undefined
  return {
    error,
    known: known(),
    left: parseUnfinished(kept),
    writes: () => here.cluster.writes().slice(writesAtSignal),
  }
}

const post = (here: Scenario) => here.runner('ALT-LAS/web/2/1')
const images = ({ cluster }: Scenario) => cluster.all('Deployment').map(({ metadata }) => metadata.name)
const weights = ({ cluster }: Scenario) =>
  cluster.all<HTTPRoute>('HTTPRoute').flatMap(({ spec }) => spec.rules?.[0]?.backendRefs ?? [])

describe('a run that is cancelled', () => {
  test('puts the traffic on stable with its first write, before any state is saved', async () => {
    const here = await installed()
    const { error, writes } = await interrupted(here, {}, () => here.shares()[0] === 50)
    expect(String(error)).toContain('all traffic is on stable')
    expect(writes()[0]).toMatchObject({ verb: 'patch', at: { kind: 'HTTPRoute', name: 'web' } })
    expect(here.shares()).toEqual([0])
  })

  test('keeps what is known of the target for the document of the failed step', async () => {
    const here = await installed()
    const { known } = await interrupted(here, {}, () => here.shares()[0] === 50)
    expect(known.subject).toEqual({ image: v2, target: 'shop/web' })
    expect(known.evidence).toMatchObject({
      operation: 'deploy',
      targets: [{ deployment: 'web', release: 'v2', image: v2, judgement: { limit: 100 } }],
    })
    const [target] = (known.evidence as Evidence<'canary-deploy'>).targets
    expect(target?.timeline.map(({ phase }) => phase)).toEqual([
      'apply',
      'prepare',
      'step 1',
      'step 2',
      'revert',
    ])
    expect(target?.judgement?.course.length).toBeGreaterThan(0)
    expect(known.outputs).toMatchObject({ verdict: '', 'previous-image': v1 })
  })

  test('leaves to its post step what it could not clear away, and that does', async () => {
    const here = await installed()
    const { left } = await interrupted(here, {}, () => here.shares()[0] === 10)
    expect(left).toMatchObject([{ namespace: 'shop', deployment: 'web' }])
    expect(images(here)).toContain('web-canary')
    const [result] = await finishUnfinished(left, 240_000, post(here))
    expect(result).toMatchObject({ done: true })
    expect(images(here)).toEqual(['web'])
    expect(weights(here)).toEqual([{ name: 'web', port: 80, weight: 1 }])
    expect(here.violations).toEqual([])
  })

  test('leaves nothing to it where it has ended', async () => {
    const here = await installed()
    const { left } = await interrupted(here, {}, () => false)
    expect(left).toEqual([])
  })

  test('leaves it alone where another run has taken the target up since', async () => {
    const here = await installed()
    const { left } = await interrupted(here, {}, () => here.shares()[0] === 10)
    await canaryDeploy(inputs({ image: v3, release: 'v3' }), here.runner('ALT-LAS/web/3/1'))
    const before = here.cluster.writes().length
    const [result] = await finishUnfinished(left, 240_000, post(here))
    expect(result?.because).toContain('another run has taken it over')
    expect(here.cluster.writes()).toHaveLength(before)
  })
})
