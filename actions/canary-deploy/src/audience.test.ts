import type { HTTPRoute } from '@alt-las/kubernetes'
import { describe, expect, test } from '@jest/globals'
import { v2 } from '../../../packages/rollout/testing/manifests.ts'
import { scenario, type Scenario } from './testing/scenario.ts'

const audience = { kind: 'header', name: 'X-Beta', value: 'true', holdMs: 30_000 } as const
const next = { image: v2, release: 'r2', audience }
const route = (here: Scenario) => here.peek<HTTPRoute>('HTTPRoute', 'web', 'gateway.networking.k8s.io/v1')

async function begun(): Promise<Scenario> {
  const here = scenario()
  await here.run({})
  return here
}

/** The phases in their order, each with its sentence. */
async function told(here: Scenario, more = {}) {
  const outcome = await here.run({ ...next, ...more })
  const timeline = outcome.targets[0]?.rollout?.timeline ?? []
  return { outcome, timeline, phases: timeline.map(({ phase }) => phase) }
}

describe('an audience', () => {
  test('has the canary before the weights, is judged, and the routes are as before at the end', async () => {
    const here = await begun()
    const was = structuredClone(route(here)?.spec)
    const { outcome, timeline, phases } = await told(here)
    expect(outcome.targets[0]?.verdict).toBe('promoted')
    expect(phases.slice(0, 4)).toEqual(['apply', 'prepare', 'audience', 'step 1'])
    const because = timeline.find(({ phase }) => phase === 'step 1')?.because
    expect(because).toMatch(
      /^the audience had \d+ of \d+ requests; on to 50%, and the audience keeps the canary/,
    )
    const [figures, step] = outcome.targets[0]?.rollout?.judgement.steps ?? []
    expect(figures).toMatchObject({ weight: 0 })
    expect(figures?.canary.requests).toBeGreaterThanOrEqual(100)
    // 50 %, and of the other half the audience.
    expect((step?.canary.requests ?? 0) / (step?.stable.requests ?? 1)).toBeCloseTo(0.525 / 0.475, 1)
    expect(route(here)?.spec).toEqual(was)
    expect(here.violations).toEqual([])
  })

  test('a bad version is taken back before anybody else has got it', async () => {
    const here = await begun()
    const was = structuredClone(route(here)?.spec)
    here.errors.set(v2, 0.5)
    const { outcome, phases } = await told(here)
    expect(outcome.targets[0]?.verdict).toBe('rolled-back')
    expect(phases).not.toContain('step 1')
    expect(route(here)?.spec).toEqual(was)
    expect(here.violations).toEqual([])
  })

  test('if nobody of it comes, that is said, and the weights begin', async () => {
    const here = await begun()
    here.audience = 0
    const { outcome, timeline } = await told(here)
    expect(outcome.targets[0]?.verdict).toBe('promoted')
    expect(timeline.find(({ phase }) => phase === 'step 1')?.because).toBe(
      'nobody of the audience (requests with the header X-Beta: true) came within 30s, so nothing was learned from it; on to 50%, and the audience keeps the canary',
    )
  })

  test('a gateway that sends everybody is no audience: it is taken back', async () => {
    const here = await begun()
    here.audience = 1
    const { outcome } = await told(here)
    expect(outcome.targets[0]?.verdict).toBe('rolled-back')
    expect(outcome.because).toContain('it is no small group, or the gateway does not tell its requests apart')
    expect(here.violations).toEqual([])
  })

  test('after a pause it still has the canary, and promote goes on', async () => {
    const here = await begun()
    const steps = {
      pauseAtPreview: true,
      steps: [
        { weight: 10, holdMs: 5000, pause: true as const },
        { weight: 50, holdMs: 5000 },
      ],
    }
    const { phases } = await told(here, { steps })
    expect(phases).not.toContain('audience')
    await here.run({ operation: 'promote', image: null, release: null })
    expect(route(here)?.spec.rules).toHaveLength(2)
    expect(here.shares()).toEqual([10])
    expect((await here.run({ operation: 'status', image: null, release: null })).because).toContain(
      'in paused at step 1 with 10% of the traffic, and its audience: requests with the header X-Beta: true',
    )
    const { targets } = await here.run({ operation: 'promote', image: null, release: null })
    expect(targets[0]?.verdict).toBe('promoted')
    expect(targets[0]?.rollout?.timeline.map(({ phase }) => phase)).toContain('audience')
    expect(route(here)?.spec.rules).toHaveLength(1)
    expect(here.violations).toEqual([])
  })

  test('a rollback to the release before needs none', async () => {
    const here = await begun()
    await here.run(next)
    const { targets } = await here.run({ operation: 'rollback', image: null, release: null })
    expect(targets[0]?.verdict).toBe('rolled-back')
    expect(targets[0]?.rollout?.plan.audience).toBeUndefined()
    expect(here.violations).toEqual([])
  })

  test('interrupted with the audience on the canary, it is taken off by one write', async () => {
    const here = await begun()
    const stopped = new AbortController()
    const writes: string[] = []
    const before = here.cluster.hooks.onWrite
    here.cluster.hooks.onWrite = (write) => {
      before?.(write)
      if (write.object.kind === 'HTTPRoute' && here.cluster.current() !== null)
        writes.push(String((write.object as HTTPRoute).spec.rules?.length))
      if (writes.at(-1) === '2') stopped.abort('the job was cancelled')
    }
    await expect(here.run(next, {}, { interrupted: stopped.signal })).rejects.toThrow(
      'all traffic is on stable (web, revert)',
    )
    expect(writes.filter((one, index) => one !== writes[index - 1])).toEqual(['1', '2', '1'])
    expect(here.violations).toEqual([])
  })
})
