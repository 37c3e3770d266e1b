import { describe } from '@jest/globals'
import { failed, observation, waiting, workload } from '../testing/facts.ts'
import { type Row, decisions } from '../testing/decided.ts'

const { canary, router } = observation
const late = { inPhaseMs: 120_000 }

describe('promotion', () => {
  const whole = { canary: { ...canary, replicas: 3 }, canaryService: { pin: 'h2', endpoints: 3 } }
  const all = { ...router, weight: 100, settledMs: 5000 }
  decisions({ kind: 'promote-traffic' }, [
    ['capacity for all', {}, 'do canary-deployment 3'],
    ['all traffic', whole, 'do weight 100 h1'],
    ['settles', { ...whole, router: { ...all, settledMs: 4999 } }, 'wait'],
    ['settled', { ...whole, router: all }, 'enter promote-stable'],
    [
      'falls over: stable is still there',
      { ...whole, canary: { ...canary, readiness: failed }, router: all },
      'enter revert',
    ],
    ['interrupted', { ...whole, router: all, interrupted: 'SIGTERM' }, 'do weight 0 h1'],
  ])
  const updated = { ...workload, version: 'new', hash: 'h3', newestHash: 'h3' }
  const unpinned = { service: { pin: null, endpoints: 6 } }
  decisions({ kind: 'promote-stable' }, [
    ['the pin comes off before the update', { ...whole, router: all }, 'do pin null'],
    ['the update', { ...whole, router: all, service: { pin: null, endpoints: 6 } }, 'do stable-deployment'],
    ['its pods come up', { ...unpinned, stable: { ...updated, settled: false, readiness: waiting } }, 'wait'],
    ['its pods are between two crashes', { ...unpinned, stable: { ...updated, readiness: waiting } }, 'wait'],
    [
      'its pods cannot: the traffic stays on the healthy copy',
      { ...unpinned, stable: { ...updated, settled: false, readiness: failed } },
      'stop halted',
    ],
    [
      'too slow: the same',
      { ...unpinned, stable: { ...updated, settled: false, readiness: waiting }, ...late },
      'stop halted',
    ],
    ['all ready', { ...unpinned, stable: updated }, 'enter promote-return'],
    ['interrupted', { interrupted: 'SIGINT' }, 'stop interrupted'],
  ])
  decisions({ kind: 'promote-return' }, [
    ["the canary's pods leave the Service first", { ...unpinned, stable: updated, router: all }, 'do pin h3'],
    [
      'the Deployment is changed from outside: the pin is removed',
      { stable: { ...updated, newestHash: 'h4' }, router: all, service: { pin: 'h3', endpoints: 3 } },
      'do pin null',
    ],
    [
      'and its pods are waited for',
      { ...unpinned, stable: { ...updated, newestHash: 'h4' }, router: all },
      'wait',
    ],
    [
      'but not for ever',
      { ...unpinned, stable: { ...updated, newestHash: 'h4' }, router: all, ...late },
      'stop halted',
    ],
    [
      'not before all endpoints are there',
      { stable: updated, router: all, service: { pin: 'h3', endpoints: 2 } },
      'wait',
    ],
    ['traffic', { stable: updated, router: all, service: { pin: 'h3', endpoints: 3 } }, 'do weight 0 h3'],
    [
      'settles',
      { stable: updated, service: { pin: 'h3', endpoints: 3 }, router: { ...all, weight: 0, settledMs: 1 } },
      'wait',
    ],
    [
      'done',
      { stable: updated, service: { pin: 'h3', endpoints: 3 }, router: { ...all, weight: 0 } },
      'enter promote-clean',
    ],
    ['no ready pod', { ...unpinned, stable: { ...updated, ready: 0 }, router: all }, 'wait'],
  ])
})

describe('clearing away', () => {
  const off = { ...router, weight: 0, settledMs: 5000 }
  const gone = { ...off, hasCanary: false }
  const rows: readonly Row[] = [
    ['routes first', { router: off }, 'do restore-routes'],
    ['then the pods', { router: gone }, 'do remove-canary-deployment canary-uid'],
    ['which are waited for', { router: gone, canary: null, canaryPods: 2 }, 'wait'],
    ['then the pin', { router: gone, canary: null, canaryPods: 0 }, 'do pin null'],
    [
      'then the Service',
      { router: gone, canary: null, canaryPods: 0, service: { pin: null, endpoints: 3 } },
      'do remove-canary-service',
    ],
    [
      'done',
      {
        router: gone,
        canary: null,
        canaryPods: 0,
        service: { pin: null, endpoints: 3 },
        canaryService: null,
      },
      'enter done',
    ],
  ]
  decisions({ kind: 'promote-clean' }, rows)
  decisions({ kind: 'revert' }, [
    ['traffic before all', { router: { ...off, weight: 10 } }, 'do weight 0 h1'],
    ['it settles', { router: { ...off, settledMs: 10 } }, 'wait'],
    ['interrupted again', { router: off, interrupted: 'SIGTERM' }, 'stop interrupted'],
    [
      'a stable without a ready pod gets no traffic',
      {
        router: { ...off, weight: 10 },
        service: { pin: 'h1', endpoints: 0 },
        stable: { ...workload, ready: 0 },
      },
      'stop halted',
    ],
    [
      'a Service that has not found its ready pods yet is waited for',
      { router: { ...off, weight: 10 }, service: { pin: 'h1', endpoints: 0 } },
      'wait',
    ],
    [
      'but not for ever: then the traffic stays where it is answered',
      { router: { ...off, weight: 10 }, service: { pin: 'h1', endpoints: 0 }, ...late },
      'stop halted',
    ],
    ['a canary that is all there is, is left', { router: off, stable: null }, 'stop halted'],
    ...rows,
  ])
})
