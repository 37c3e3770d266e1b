import { describe, expect, test } from '@jest/globals'
import type { Phase } from '../model/phase.ts'
import { observation, plan, rollout } from '../testing/facts.ts'
import { releaseBoard } from './board.ts'

const hashOf = (deployment: string) => `hash of ${deployment}`
const board = () =>
  releaseBoard(
    'v2',
    [
      { deployment: 'web', needs: ['store'] },
      { deployment: 'store', needs: [] },
      { deployment: 'mail', needs: [] },
    ].map((one) => ({ ...one, planHash: hashOf(one.deployment) })),
  )
const wait = { kind: 'wait', because: '' } as const
const at = (deployment: string, phase: Phase, planHash = hashOf(deployment)) => ({
  ...rollout,
  phase,
  plan: { ...plan, deployment, rollbackWindowMs: 0 },
  because: `${deployment} is worse`,
  planHash,
})
const serving = { ...observation, router: { ...observation.router, weight: 100 } }

describe('the board of a release', () => {
  test('a target begins once those that it needs have all traffic', () => {
    const here = board()
    expect(here.mayBegin('store')).toBe(true)
    here.follow(wait, at('store', { kind: 'step', index: 0, weight: 50 }), serving)
    expect(here.mayBegin('web')).toBe(false)
    here.follow(wait, at('store', { kind: 'warm' }), serving)
    expect(here.mayBegin('web')).toBe(true)
  })

  test('is clear once every target has passed', () => {
    const here = board()
    for (const name of ['store', 'mail']) here.follow(wait, at(name, { kind: 'warm' }), serving)
    expect(here.releaseFor('store').kind).toBe('waits')
    here.ended('web', 'passed', '')
    expect(here.releaseFor('store')).toEqual({ kind: 'clear' })
  })

  test('one that goes back refuses the release for all, the needed ones after those that need them', () => {
    const here = board()
    for (const name of ['store', 'web', 'mail']) here.follow(wait, at(name, { kind: 'warm' }), serving)
    here.follow(wait, at('mail', { kind: 'revert' }), serving)
    expect(here.refused()).toEqual({ by: 'mail', because: 'mail is worse' })
    expect(here.releaseFor('web')).toMatchObject({ kind: 'refused' })
    expect(here.releaseFor('store')).toMatchObject({ kind: 'waits' })
    here.follow(wait, at('web', { kind: 'revert' }), serving)
    expect(here.standing('web')).toBe('returning')
    here.follow(wait, at('web', { kind: 'revert' }), {
      ...observation,
      router: { ...observation.router, settledMs: 9000 },
    })
    expect(here.standing('web')).toBe('back')
    expect(here.releaseFor('store')).toMatchObject({ kind: 'refused' })
    expect(here.refused()?.by).toBe('mail')
  })

  test('an earlier rollout that is completed first is not part of the release', () => {
    const here = board()
    here.follow(wait, at('mail', { kind: 'revert' }), serving)
    here.follow(wait, at('store', { kind: 'promote-stable' }, 'of v1'), serving)
    expect([here.standing('mail'), here.standing('store'), here.refused()]).toEqual(['ahead', 'ahead', null])
  })
})
