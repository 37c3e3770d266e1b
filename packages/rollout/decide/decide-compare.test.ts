import { beginWatch, begin, watch } from '@alt-las/judge'
import { describe, expect, test } from '@jest/globals'
import { settingsOf, nothingKnown } from '../judging/judge-settings.ts'
import { unjudged, type Judgement } from '../model/judgement.ts'
import { decisions } from '../testing/decided.ts'
import { failed, observation, plan as usual, rollout, workload } from '../testing/facts.ts'
import { decide } from './decide.ts'

const plan = { ...usual, rollbackWindowMs: 300_000 }
const state = begin(settingsOf(plan, nothingKnown, { sticky: false }))
const calm = beginWatch(state, 60)
const ill = watch(calm, {
  from: 0,
  to: 5000,
  canary: { requests: 1000, errors: 200 },
})
const judgement = (more: Partial<Judgement> = {}, suspected = false): Judgement => ({
  ...unjudged,
  state,
  verdict: 'ready',
  late: { watch: suspected ? ill : calm, comparisons: 0 },
  ...more,
})
const full = { at: 0, kind: 'fault', because: 'pod web-1 is full in 72 s' } as const
const canary = { ...observation.canary, replicas: 3, ready: 3 }
const at = (weight: number, more = {}) => ({
  canary,
  router: { ...observation.router, weight, settledMs: 30_000 },
  switchedMs: 100_000,
  ...more,
})
const watched = { plan, judgement: judgement() }
const suspected = { plan, judgement: judgement({}, true) }

describe('with all traffic, while stable stays warm', () => {
  decisions({ kind: 'warm' }, [
    ['the new version is watched', at(100), 'measure', watched],
    ['after the window it is promoted', at(100, { switchedMs: 300_000 }), 'enter promote-stable', watched],
    ['a suspicion is compared', at(100), 'enter compare', suspected],
    ['also at the end of the window', at(100, { switchedMs: 300_000 }), 'enter compare', suspected],
    ['after a comparison all traffic comes back', at(50), 'do weight 100 h1', watched],
    [
      'and has to settle before the window ends',
      { ...at(100, { switchedMs: 300_000 }), router: { ...observation.router, weight: 100, settledMs: 0 } },
      'wait',
      watched,
    ],
    ['interrupted: the traffic first', at(100, { interrupted: 'SIGTERM' }), 'do weight 0 h1', watched],
    [
      'restarts that equal versions would not have go back',
      at(100, { canary: { ...canary, readiness: failed } }),
      'enter revert',
      watched,
    ],
    [
      'memory that is full soon goes back',
      at(100),
      'enter revert',
      { plan, judgement: judgement({ late: { watch: calm, comparisons: 0, memory: full } }) },
    ],
    [
      'where nothing was judged the time alone counts',
      at(100),
      'wait',
      { plan, judgement: { ...unjudged, state } },
    ],
  ])

  test('metrics that are away are said, and do not end a version that was proven', () => {
    const trouble = { because: 'Prometheus does not answer', lasting: true }
    const decision = decide(
      { ...rollout, plan, phase: { kind: 'warm' }, judgement: judgement({ trouble }) },
      { ...observation, ...at(100, { switchedMs: 300_000 }) },
    )
    expect(decision.because).toContain('it is not watched: Prometheus does not answer')
  })
})

describe('both versions are compared', () => {
  const comparing = (more: Partial<Judgement> = {}, comparisons = 1) => ({
    plan,
    judgement: judgement({ verdict: 'continue', late: { watch: ill, comparisons }, ...more }),
  })
  const over = { switchedMs: 300_000 }
  decisions({ kind: 'compare', weight: 50 }, [
    ['stable gets its share by one write', at(100), 'do weight 50 h1', comparing()],
    ['not before it has pods for it', at(100, { stable: { ...workload, ready: 1 } }), 'wait', comparing()],
    [
      'without them the suspicion stays, and it goes back',
      at(100, { stable: { ...workload, ready: 1 }, inPhaseMs: 120_000 }),
      'enter revert',
      comparing(),
    ],
    ['then the judge measures', at(50), 'measure', comparing()],
    ['a fault goes back', at(50), 'enter revert', comparing({ verdict: 'roll-back' })],
    ['no worse: all traffic again', at(50), 'enter warm', comparing({ verdict: 'ready' })],
    ['the second time not before the window is over', at(50), 'measure', comparing({ verdict: 'ready' }, 2)],
    ['and then', at(50, over), 'enter warm', comparing({ verdict: 'ready' }, 2)],
    ['not confirmed in its time', at(50, { enteredMs: 600_000 }), 'enter warm', comparing()],
    ['still suspected', at(50, { enteredMs: 600_000 }), 'enter revert', comparing({ evidence: 30 })],
    [
      'metrics that are away clear nothing',
      { ...at(50), router: { ...observation.router, weight: 50, settledMs: 60_000 } },
      'enter revert',
      comparing({ trouble: { because: 'no series', lasting: true } }),
    ],
    ['pods that crash', at(50, { canary: { ...canary, readiness: failed } }), 'enter revert', comparing()],
    ['interrupted: the traffic first', at(50, { interrupted: 'SIGTERM' }), 'do weight 0 h1', comparing()],
    ['moved back from outside', at(0), 'enter revert', comparing()],
    ['stable was removed', at(50, { stable: null }), 'enter revert', comparing()],
  ])
})
