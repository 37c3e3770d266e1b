import { describe } from '@jest/globals'
import { failed, plan, rollout, observation, workload } from '../testing/facts.ts'
import { decisions } from '../testing/decided.ts'

const rolling = { ...plan, strategy: 'rolling', router: 'none', service: '' } as const
const waiting = { kind: 'waiting', because: '1 of 3 pods are ready' } as const
const late = { inPhaseMs: 120_000 }
const none = { service: null, canaryService: null, canary: null }
const rolled = { ...workload, version: 'new', settled: false, standing: waiting }
const replaced = { ...workload, version: 'new' }
const stuck = { name: 'web-2', uid: 'u2', unreadyMs: 59_999 }
const state = { plan: rolling }

describe('roll', () => {
  decisions({ kind: 'apply' }, [
    ['needs no Service', { ...none, stable: workload }, 'enter roll', state],
    [
      'a Service that was named has to be there',
      { ...none, stable: workload },
      'enter revert',
      { plan: { ...rolling, service: 'web' } },
    ],
    ['nothing runs: it is installed', { ...none, stable: null }, 'enter install', state],
    [
      'the version that was promoted last still runs',
      {
        ...none,
        stable: { ...workload, version: 'new' },
        router: { ...observation.router, hasCanary: false },
      },
      'enter done',
      { ...state, served: 'h1' },
    ],
  ])
  decisions({ kind: 'roll' }, [
    ['the workload gets the new version', { stable: workload }, 'do stable-deployment', state],
    ['its pods are replaced', { stable: rolled }, 'wait', state],
    ['all are', { stable: replaced }, 'enter done', state],
    ['all are, between two crashes', { stable: { ...replaced, readiness: waiting } }, 'wait', state],
    ['all are, and crash on', { stable: { ...replaced, readiness: failed } }, 'enter revert', state],
    [
      'a pod that cannot run ends it at once',
      { stable: { ...rolled, readiness: failed } },
      'enter revert',
      state,
    ],
    ['too slow', { stable: rolled, ...late }, 'enter revert', state],
    ['interrupted', { stable: rolled, interrupted: 'SIGINT' }, 'enter revert', state],
    ['it was removed from outside', { stable: null }, 'enter revert', state],
    ['an old pod that is unready gets a while', { stable: rolled, stuck }, 'wait', state],
    [
      'then it goes: the StatefulSet would wait for it for ever',
      { stable: rolled, stuck: { ...stuck, unreadyMs: 60_000 } },
      'do remove-pod web-2 u2',
      state,
    ],
  ])
})

describe('taking it back', () => {
  const before = { ...rollout.baseline, workload: plan.desired }
  const back = { ...state, baseline: before }
  const restored = { ...workload, settled: false, standing: waiting }
  decisions({ kind: 'revert' }, [
    ['the workload becomes what it was', { stable: rolled }, 'do restore-workload', back],
    ['even when interrupted', { stable: rolled, interrupted: 'SIGTERM' }, 'do restore-workload', back],
    ['then the run may end', { stable: restored, interrupted: 'SIGTERM' }, 'stop interrupted', back],
    ['its pods come back', { stable: restored }, 'wait', back],
    [
      'a bad pod that its StatefulSet waits for goes at once',
      { stable: restored, stuck },
      'do remove-pod web-2 u2',
      back,
    ],
    ['all are back', { stable: workload }, 'enter done', back],
    [
      'the old version cannot run either: the next release need not wait',
      { stable: { ...restored, readiness: failed } },
      'enter done',
      back,
    ],
    ['nor for one that is slow', { stable: restored, ...late }, 'enter done', back],
    ['it was removed from outside meanwhile', { stable: null }, 'enter done', back],
    ['nothing was written yet', { stable: workload }, 'enter done', { ...state, baseline: rollout.baseline }],
    [
      'a first installation that failed goes',
      { stable: rolled },
      'do remove-stable-deployment stable-uid',
      { ...state, baseline: { ...rollout.baseline, existed: false, hash: null } },
    ],
  ])
})

describe('a first installation without a Service', () => {
  const fresh = { ...none, router: { ...observation.router, hasCanary: false } }
  decisions({ kind: 'install' }, [
    ['the workload', { ...fresh, stable: null }, 'do stable-deployment', state],
    ['its pods come up', { ...fresh, stable: rolled }, 'wait', state],
    ['done', { ...fresh, stable: replaced }, 'enter done', state],
    ['between two crashes', { ...fresh, stable: { ...replaced, readiness: waiting } }, 'wait', state],
    [
      'a pod of the broken template that was there goes',
      { ...fresh, stable: rolled, stuck: { ...stuck, unreadyMs: 60_000 } },
      'do remove-pod web-2 u2',
      state,
    ],
  ])
})
