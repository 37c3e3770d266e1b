import { describe } from '@jest/globals'
import { failed, observation, waiting, workload } from '../testing/facts.ts'
import { decisions } from '../testing/decided.ts'

const { router } = observation
const late = { inPhaseMs: 120_000 }

describe('install', () => {
  const fresh = { canary: null, canaryService: null, service: { pin: null, endpoints: 3 } }
  const one = { ...workload, version: 'new' }
  const routed = { ...router, hasCanary: false, weight: 0 }
  const settled = { ...routed, settledMs: 5000 }
  decisions({ kind: 'install' }, [
    ['the Deployment', { ...fresh, stable: null }, 'do stable-deployment'],
    ['a forgotten pin goes', { ...fresh, service: { pin: 'h0', endpoints: 0 } }, 'do pin null'],
    ['pods come up', { ...fresh, stable: { ...one, settled: false, readiness: waiting } }, 'wait'],
    ['pods cannot', { ...fresh, stable: { ...one, settled: false, readiness: failed } }, 'enter revert'],
    [
      'too slow',
      { ...fresh, stable: { ...one, settled: false, readiness: waiting }, ...late },
      'enter revert',
    ],
    [
      'the gateway has not taken the route',
      { ...fresh, stable: one, router: { ...routed, accepted: false } },
      'wait',
    ],
    ['the data plane takes over the pods', { ...fresh, stable: one, router: settled, foundMs: 4999 }, 'wait'],
    ['the data plane takes over the route', { ...fresh, stable: one, router: routed, foundMs: 5000 }, 'wait'],
    ['done', { ...fresh, stable: one, router: settled, foundMs: 5000 }, 'enter done'],
    ['interrupted', { ...fresh, interrupted: 'SIGINT' }, 'stop interrupted'],
  ])
  const nothing = {
    existed: false,
    image: null,
    replicas: 0,
    hash: null,
    routes: [],
    autoscaler: null,
    workload: null,
  }
  decisions({ kind: 'revert' }, [
    [
      'what was not there before goes',
      { ...fresh, stable: one },
      'do remove-stable-deployment stable-uid',
      { baseline: nothing },
    ],
    [
      'what was there stays',
      { ...fresh, stable: one },
      'enter done',
      { baseline: { ...nothing, existed: true } },
    ],
  ])
})
