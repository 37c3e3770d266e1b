import { describe } from '@jest/globals'
import { observation } from '../../testing/facts.ts'
import { decisions } from '../../testing/decided.ts'

const { router, canary } = observation
const soon = { inPhaseMs: 100_000 }
const late = { inPhaseMs: 600_000 }
const unaccepted = { ...router, accepted: false, settledMs: 0, because: 'no gateway has accepted it yet' }
const empty = { ...router, hasCanary: false, settledMs: 10_000 }

describe('no wait is without an end', () => {
  decisions({ kind: 'revert' }, [
    ['the gateway does not accept the way back', { router: unaccepted, ...soon }, 'wait'],
    ['for long: the next run goes on from there', { router: unaccepted, ...late }, 'stop halted'],
    ['pods are ending', { router: empty, canary: null, canaryPods: 1, ...soon }, 'wait'],
    ['for long', { router: empty, canary: null, canaryPods: 1, ...late }, 'stop halted'],
    ['what can still be done is done', { router: empty, ...late }, 'do remove-canary-deployment canary-uid'],
  ])
  decisions({ kind: 'promote-return' }, [
    ['the gateway does not accept the end', { router: unaccepted, ...soon }, 'wait'],
    ['for long', { router: unaccepted, ...late }, 'stop halted'],
  ])
  decisions({ kind: 'prepare' }, [
    ['the judge looks back', { canary: { ...canary, replicas: 1 }, ...soon }, 'measure'],
    ['for long: nothing was touched that cannot be undone', late, 'enter revert'],
  ])
})
