import { describe, expect, test } from '@jest/globals'
import type { ObservedRelease } from '../../model/observation.ts'
import type { Phase } from '../../model/phase.ts'
import { canaryWorkload, observation, plan, rollout } from '../../testing/facts.ts'
import { decide } from '../decide.ts'

const waits: ObservedRelease = { kind: 'waits', because: 'waits for the rest of release v2' }
const refused: ObservedRelease = { kind: 'refused', because: 'store was refused' }
const clear: ObservedRelease = { kind: 'clear' }

const at = (phase: Phase) => ({ ...rollout, phase, plan: { ...plan, targets: ['store', 'web'] } })
const all = { ...observation.router, weight: 100, settledMs: 60_000 }
const warm = {
  ...observation,
  canary: { ...canaryWorkload, replicas: 3, ready: 3 },
  canaryService: { pin: 'h2', endpoints: 3 },
  router: all,
  enteredMs: 10 ** 9,
}

describe('a target of a release', () => {
  test('keeps its old version warm until all have passed', () => {
    expect(decide(at({ kind: 'warm' }), { ...warm, release: waits })).toMatchObject({
      kind: 'wait',
      because: waits.because,
    })
    expect(decide(at({ kind: 'warm' }), { ...warm, release: clear })).toMatchObject({
      kind: 'enter',
      phase: { kind: 'promote-stable' },
    })
  })

  test.each<Phase>([
    { kind: 'apply' },
    { kind: 'prepare' },
    { kind: 'step', index: 0, weight: 10 },
    { kind: 'promote-traffic' },
    { kind: 'warm' },
    { kind: 'roll' },
    { kind: 'install' },
  ])('goes back from $kind with the others', (phase) => {
    expect(decide(at(phase), { ...warm, release: refused })).toMatchObject({
      kind: 'enter',
      phase: { kind: 'revert' },
      because: 'store was refused',
    })
  })

  test.each<Phase>([
    { kind: 'promote-stable' },
    { kind: 'promote-return' },
    { kind: 'promote-clean' },
    { kind: 'revert' },
    { kind: 'pre-deploy' },
  ])('goes on in $kind: it cannot turn there', (phase) => {
    const alone = decide(at(phase), warm)
    expect(decide(at(phase), { ...warm, release: refused })).toEqual(alone)
  })

  test('says its own reason, and takes its traffic back first where it is interrupted', () => {
    const gone = decide(at({ kind: 'warm' }), { ...warm, canary: null, release: refused })
    expect(gone).toMatchObject({ because: 'the new version was removed from outside' })
    const stopped = decide(at({ kind: 'warm' }), { ...warm, interrupted: 'SIGTERM', release: refused })
    expect(stopped).toMatchObject({ kind: 'do', effect: { kind: 'weight', percent: 0 } })
  })

  test('gets all traffic and stays there, although its rollback window is 0', () => {
    const quick = {
      ...at({ kind: 'promote-traffic' }),
      plan: { ...plan, targets: ['web'], rollbackWindowMs: 0 },
    }
    expect(decide(quick, warm)).toMatchObject({ kind: 'enter', phase: { kind: 'warm' } })
  })
})
