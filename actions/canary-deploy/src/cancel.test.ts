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
import { type SimulatedLab, inputs, simulatedLab } from './testing/lab.ts'

async function installed(): Promise<SimulatedLab> {
  const lab = simulatedLab()
  await canaryDeploy(inputs({ image: v1, release: 'v1' }), lab.runner('ALT-LAS/web/1/1'))
  lab.settle()
  return lab
}

/** Runs until `when` holds, is interrupted there, and says what it has left for its post step. */
async function interrupted(lab: SimulatedLab, wanted: Partial<Given>, when: () => boolean) {
  const signal = new AbortController()
  let kept = ''
  let writesAtSignal = 0
  lab.cluster.hooks.afterCall = () => {
    if (signal.signal.aborted || !when()) return
    writesAtSignal = lab.cluster.writes().length
    signal.abort(new Error('interrupted by SIGINT'))
  }
  const leaves = unfinishedTargets((text) => (kept = text))
  const { draft, known } = startDraft<Evidence<'canary-deploy'>>(() => lab.clock.now())
  const ports: Ports = { ...lab.runner('ALT-LAS/web/2/1', signal.signal), unfinished: leaves }
  const error: unknown = await keepDraft('deploy', draft, (follow) =>
    canaryDeploy(inputs({ image: v2, release: 'v2', ...wanted }), { ...ports, follow }),
  ).catch((reason: unknown) => reason)
  lab.cluster.hooks.afterCall = () => undefined
  return {
    error,
    known: known(),
    left: parseUnfinished(kept),
    writes: () => lab.cluster.writes().slice(writesAtSignal),
  }
}

const post = (lab: SimulatedLab) => lab.runner('ALT-LAS/web/2/1')
const images = ({ cluster }: SimulatedLab) => cluster.all('Deployment').map(({ metadata }) => metadata.name)
const weights = ({ cluster }: SimulatedLab) =>
  cluster.all<HTTPRoute>('HTTPRoute').flatMap(({ spec }) => spec.rules?.[0]?.backendRefs ?? [])

describe('a run that is cancelled', () => {
  test('puts the traffic on stable with its first write, before any state is saved', async () => {
    const lab = await installed()
    const { error, writes } = await interrupted(lab, {}, () => lab.shares()[0] === 50)
    expect(String(error)).toContain('all traffic is on stable')
    expect(writes()[0]).toMatchObject({ verb: 'patch', at: { kind: 'HTTPRoute', name: 'web' } })
    expect(lab.shares()).toEqual([0])
  })

  test('keeps what is known of the target for the document of the failed step', async () => {
    const lab = await installed()
    const { known } = await interrupted(lab, {}, () => lab.shares()[0] === 50)
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
    const lab = await installed()
    const { left } = await interrupted(lab, {}, () => lab.shares()[0] === 10)
    expect(left).toMatchObject([{ namespace: 'shop', deployment: 'web' }])
    expect(images(lab)).toContain('web-canary')
    const [result] = await finishUnfinished(left, 240_000, post(lab))
    expect(result).toMatchObject({ done: true })
    expect(images(lab)).toEqual(['web'])
    expect(weights(lab)).toEqual([{ name: 'web', port: 80, weight: 1 }])
    expect(lab.violations).toEqual([])
  })

  test('leaves nothing to it where it has ended', async () => {
    const lab = await installed()
    const { left } = await interrupted(lab, {}, () => false)
    expect(left).toEqual([])
  })

  test('leaves it alone where another run has taken the target up since', async () => {
    const lab = await installed()
    const { left } = await interrupted(lab, {}, () => lab.shares()[0] === 10)
    await canaryDeploy(inputs({ image: v3, release: 'v3' }), lab.runner('ALT-LAS/web/3/1'))
    const before = lab.cluster.writes().length
    const [result] = await finishUnfinished(left, 240_000, post(lab))
    expect(result?.because).toContain('another run has taken it up')
    expect(lab.cluster.writes()).toHaveLength(before)
  })
})
