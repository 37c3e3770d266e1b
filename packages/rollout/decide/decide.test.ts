import { describe, expect, test } from '@jest/globals'
import { nothingKnown } from '../judging/judge-settings.ts'
import { beginJudgement } from '../judging/judging.ts'
import { unjudged } from '../model/judgement.ts'
import { failed, rollout, observation, waiting, workload } from '../testing/facts.ts'
import { decisions } from '../testing/decided.ts'

const { stable, canary, service, canaryService, router } = observation
const { state } = beginJudgement(unjudged, rollout.plan, { past: nothingKnown, sticky: false })
const late = { inPhaseMs: 120_000 }

describe('apply', () => {
  decisions({ kind: 'apply' }, [
    ['the objects come first', { objects: { kind: 'unapplied' } }, 'do apply-objects'],
    ['a workload among them that fails ends it', { objects: failed }, 'enter revert'],
    ['one that waits is waited for', { objects: waiting }, 'wait'],
    ['but not for ever', { objects: waiting, ...late }, 'enter revert'],
    ['without its Service nothing can be routed', { service: null }, 'enter revert'],
    ['nothing runs: it is installed', { stable: null }, 'enter install'],
    [
      'no pod is ready: nothing serves, so it is installed',
      { stable: { ...workload, ready: 0 } },
      'enter install',
    ],
    ['a foreign rollout may finish', { stable: { ...workload, settled: false, readiness: waiting } }, 'wait'],
    ['unless it is stuck', { stable: { ...workload, settled: false, readiness: failed } }, 'enter prepare'],
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
      'the version serves but its pods were changed from outside',
      { canary: null, stable: { ...workload, version: 'new' }, router: { ...router, hasCanary: false } },
      'enter prepare',
      { served: 'h0' },
    ],
  ])
})

describe('prepare', () => {
  decisions({ kind: 'prepare' }, [
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
      { canary: { ...canary, settled: false, readiness: failed } },
      'enter revert',
    ],
    [
      'pods that come up are waited for',
      { canary: { ...canary, settled: false, readiness: waiting } },
      'wait',
    ],
    [
      'but not for ever',
      { canary: { ...canary, settled: false, readiness: waiting }, ...late },
      'enter revert',
    ],
    [
      'its Service is pinned to its pods',
      { canaryService: { pin: null, endpoints: 1 } },
      'do canary-service h2',
    ],
    ['no weight before the Service has found them', { canaryService: { pin: 'h2', endpoints: 0 } }, 'wait'],
    ['ready: the judge looks back first', {}, 'measure'],
    ['ready, and the past is known', {}, 'enter step 0', { judgement: { ...unjudged, state } }],
    ['stable was removed', { stable: null }, 'enter revert'],
    ['interrupted', { interrupted: 'SIGINT' }, 'enter revert'],
  ])
})

describe('step', () => {
  const blocks = { judgement: { ...unjudged, blocks: 2 } }
  const at = (weight: number | null, more = {}) => ({
    router: { ...router, weight, settledMs: 30_000, ...more },
  })
  decisions({ kind: 'step', index: 1, weight: 50 }, [
    ['capacity comes before weight', at(10), 'do canary-deployment 3'],
    [
      'pods that are not ready yet get no weight',
      { ...at(10), canary: { ...canary, replicas: 3, settled: false, readiness: waiting } },
      'wait',
    ],
    [
      'weight',
      { ...at(10), canary: { ...canary, replicas: 3 }, canaryService: { pin: 'h2', endpoints: 3 } },
      'do weight 50 h1',
    ],
    [
      'rules that disagree are set',
      { ...at(null), canary: { ...canary, replicas: 3 }, canaryService: { pin: 'h2', endpoints: 3 } },
      'do weight 50 h1',
    ],
  ])
  const full = { canary: { ...canary, replicas: 3 } }
  decisions({ kind: 'step', index: 1, weight: 50 }, [
    ['the gateway has not taken it', { ...full, ...at(50, { accepted: false }) }, 'wait', blocks],
    ['held, not proven yet', { ...full, ...at(50) }, 'measure', blocks],
    [
      'held, proven no worse, passed',
      { ...full, ...at(50) },
      'enter promote-traffic',
      { judgement: { ...unjudged, blocks: 2, verdict: 'ready' } },
    ],
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
    ['undecided at the deadline', { ...full, ...at(50), judgedMs: 700_000 }, 'enter revert'],
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
      { ...at(50), canary: { ...canary, replicas: 3, readiness: failed } },
      'enter revert',
      blocks,
    ],
    ['interrupted: traffic first', { ...full, ...at(50), interrupted: 'SIGINT' }, 'do weight 0 h1', blocks],
    ['interrupted, traffic is off', { ...full, ...at(0), interrupted: 'SIGINT' }, 'enter revert', blocks],
    ['the canary was removed', { ...at(50), canary: null }, 'enter revert', blocks],
  ])
  decisions({ kind: 'step', index: 0, weight: 10 }, [
    [
      'before the last step no proof is needed',
      at(10),
      'enter step 1',
      { judgement: { ...unjudged, blocks: 2, verdict: 'continue' } },
    ],
  ])
  const ramping = (weight: number, judgement: Partial<typeof unjudged>, more = {}) => ({
    plan: { ...rollout.plan, ramp: 'auto' as const, steps: [] },
    judgement: { ...unjudged, blocks: 1, wanted: weight, ...judgement },
    ...more,
  })
  decisions({ kind: 'step', index: 3, weight: 10 }, [
    ['the ramp goes on where it pays', at(10), 'enter step 4', ramping(20, {})],
    ['not for a little', at(10), 'measure', ramping(12, {})],
    ['not without a block of this weight', at(10), 'measure', ramping(20, { blocks: 0 })],
    ['not under suspicion', at(10), 'measure', ramping(20, { verdict: 'hold', evidence: 10 })],
    ['all traffic once it is ready', at(10), 'enter promote-traffic', ramping(20, { verdict: 'ready' })],
    ['undecided by the judge', at(10), 'enter revert', ramping(10, { verdict: 'undecided' })],
    ['judged bad', at(10), 'enter revert', ramping(10, { verdict: 'roll-back' })],
  ])
  const promote = { ...rollout.plan, judging: { ...rollout.plan.judging, onUndecided: 'promote' as const } }
  decisions({ kind: 'step', index: 1, weight: 50 }, [
    [
      'undecided and told to promote',
      { ...full, ...at(50), judgedMs: 700_000 },
      'enter promote-traffic',
      { plan: promote },
    ],
    [
      'undecided under suspicion is never promoted',
      { ...full, ...at(50), judgedMs: 700_000 },
      'enter revert',
      { plan: promote, judgement: { ...unjudged, verdict: 'undecided', evidence: 10 } },
    ],
  ])
})

test('the facts of these tables are those of a canary that is ready for its first step', () => {
  expect([stable?.hash, service?.pin, canaryService?.pin]).toEqual(['h1', 'h1', 'h2'])
})
