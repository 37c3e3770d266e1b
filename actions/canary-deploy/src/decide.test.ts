import { describe, expect, test } from '@jest/globals'
import { unjudged } from './judging.ts'
import { rollout, sight, workload } from './simulated/facts.ts'
import { law } from './simulated/law.ts'

const { stable, canary, service, canaryService, router } = sight
const failed = { kind: 'failed', because: 'container web crashes' } as const
const waiting = { kind: 'waiting', because: '0 of 1 pods are ready' } as const
const late = { inPhaseMs: 120_000 }

describe('apply', () => {
  law({ kind: 'apply' }, [
    ['the objects come first', { objects: { kind: 'unapplied' } }, 'do apply-objects'],
    ['a workload among them that fails ends it', { objects: failed }, 'enter revert'],
    ['one that waits is waited for', { objects: waiting }, 'wait'],
    ['but not for ever', { objects: waiting, ...late }, 'enter revert'],
    ['without its Service nothing can be routed', { service: null }, 'enter revert'],
    ['nothing runs: it is installed', { stable: null }, 'enter install'],
    [
      'no pod is ready: nobody is served, so it is installed',
      { stable: { ...workload, ready: 0 } },
      'enter install',
    ],
    [
      "somebody else's rollout is let finish",
      { stable: { ...workload, settled: false, standing: waiting } },
      'wait',
    ],
    ['unless it is stuck', { stable: { ...workload, settled: false, standing: failed } }, 'enter prepare'],
    ['all is well', { canary: null, stable: workload }, 'enter prepare'],
    [
      'the version that was promoted last still serves',
      {
        canary: null,
        stable: { ...workload, version: 'new' },
        service: { pin: null, endpoints: 3 },
        router: { ...router, hasCanary: false },
      },
      'enter done',
      { served: 'h1' },
    ],
    [
      'the version serves but somebody changed its pods',
      { canary: null, stable: { ...workload, version: 'new' }, router: { ...router, hasCanary: false } },
      'enter prepare',
      { served: 'h0' },
    ],
  ])
})

describe('prepare', () => {
  law({ kind: 'prepare' }, [
    [
      "stable's Service is pinned before a canary pod exists",
      { service: { pin: null, endpoints: 3 } },
      'do pin h1',
    ],
    ['the canary gets its Service', { canaryService: null }, 'do canary-service null'],
    ['then its pods', { canary: null }, 'do canary-deployment 1'],
    [
      'a leftover of another version is replaced',
      { canary: { ...workload, version: 'other' } },
      'do canary-deployment 1',
    ],
    [
      'pods that cannot run end it at once',
      { canary: { ...canary, settled: false, standing: failed } },
      'enter revert',
    ],
    [
      'pods that come up are waited for',
      { canary: { ...canary, settled: false, standing: waiting } },
      'wait',
    ],
    [
      'but not for ever',
      { canary: { ...canary, settled: false, standing: waiting }, ...late },
      'enter revert',
    ],
    [
      'its Service is pinned to its pods',
      { canaryService: { pin: null, endpoints: 1 } },
      'do canary-service h2',
    ],
    ['no weight before the Service has found them', { canaryService: { pin: 'h2', endpoints: 0 } }, 'wait'],
    ['ready', {}, 'enter step 0'],
    ['stable was removed', { stable: null }, 'enter revert'],
    ['interrupted', { interrupted: 'SIGINT' }, 'enter revert'],
  ])
})

describe('step', () => {
  const blocks = { judgement: { ...unjudged, blocks: 2 } }
  const at = (weight: number | null, more = {}) => ({
    router: { ...router, weight, settledMs: 30_000, ...more },
  })
  law({ kind: 'step', index: 1 }, [
    ['capacity comes before weight', at(10), 'do canary-deployment 2'],
    [
      'pods that are not ready yet get no weight',
      { ...at(10), canary: { ...canary, replicas: 2, settled: false, standing: waiting } },
      'wait',
    ],
    [
      'weight',
      { ...at(10), canary: { ...canary, replicas: 2 }, canaryService: { pin: 'h2', endpoints: 2 } },
      'do weight 50 h1',
    ],
    [
      'rules that disagree are set',
      { ...at(null), canary: { ...canary, replicas: 2 }, canaryService: { pin: 'h2', endpoints: 2 } },
      'do weight 50 h1',
    ],
  ])
  const full = { canary: { ...canary, replicas: 2 } }
  law({ kind: 'step', index: 1 }, [
    ['the gateway has not taken it', { ...full, ...at(50, { accepted: false }) }, 'wait', blocks],
    ['held, judged, passed', { ...full, ...at(50) }, 'enter promote-traffic', blocks],
    ['not held for its time', { ...full, ...at(50, { settledMs: 1000 }) }, 'measure', blocks],
    ['too few blocks', { ...full, ...at(50) }, 'measure'],
    [
      'suspicion',
      { ...full, ...at(50) },
      'measure',
      { judgement: { ...unjudged, blocks: 9, verdict: 'hold' } },
    ],
    [
      'judged bad',
      { ...full, ...at(50) },
      'enter revert',
      { judgement: { ...unjudged, blocks: 9, verdict: 'roll-back' } },
    ],
    ['undecided at the deadline', { ...full, ...at(50), totalMs: 700_000 }, 'enter revert'],
    [
      'blind for good',
      { ...full, ...at(50, { settledMs: 60_000 }) },
      'enter revert',
      { judgement: { ...unjudged, trouble: { because: 'no series', lasting: true } } },
    ],
    [
      'blind for now',
      { ...full, ...at(50, { settledMs: 60_000 }) },
      'measure',
      { judgement: { ...unjudged, trouble: { because: 'timeout', lasting: false } } },
    ],
    [
      'pods fall over',
      { ...at(50), canary: { ...canary, replicas: 2, standing: failed } },
      'enter revert',
      blocks,
    ],
    ['interrupted: traffic first', { ...full, ...at(50), interrupted: 'SIGINT' }, 'do weight 0 h1', blocks],
    ['interrupted, traffic is off', { ...full, ...at(0), interrupted: 'SIGINT' }, 'enter revert', blocks],
    ['the canary was removed', { ...at(50), canary: null }, 'enter revert', blocks],
  ])
  const promote = { ...rollout.plan, judging: { ...rollout.plan.judging, onUndecided: 'promote' as const } }
  law({ kind: 'step', index: 1 }, [
    [
      'undecided and told to promote',
      { ...full, ...at(50), totalMs: 700_000 },
      'enter promote-traffic',
      { plan: promote },
    ],
    [
      'undecided under suspicion is never promoted',
      { ...full, ...at(50), totalMs: 700_000 },
      'enter revert',
      { plan: promote, judgement: { ...unjudged, verdict: 'hold' } },
    ],
  ])
})

test('the facts of these tables are those of a canary that is ready for its first step', () => {
  expect([stable?.hash, service?.pin, canaryService?.pin]).toEqual(['h1', 'h1', 'h2'])
})
