import { describe } from '@jest/globals'
import { nothingKnown } from '../judging/judge-settings.ts'
import { beginFigures, beginJudgement } from '../judging/judging.ts'
import { unjudged } from '../model/judgement.ts'
import type { Rollout } from '../model/rollout.ts'
import { failed, observation, rollout } from '../testing/facts.ts'
import { decisions } from '../testing/decided.ts'

const { router, canary } = observation
const begun = beginJudgement(unjudged, rollout.plan, { past: nothingKnown, sticky: false })
const judgement = { ...beginFigures(begun, { kind: 'audience' }), readTo: 1 }
const holdMs = 600_000
const audience = { kind: 'cookie', name: 'beta', value: '1', holdMs } as const
const plan = { ...rollout.plan, audience }
const state = { plan, judgement }

const counted = (ours: number, theirs: number, more: Partial<Rollout['judgement']> = {}) => ({
  plan,
  judgement: {
    ...judgement,
    steps: [
      {
        weight: 0,
        canary: { requests: ours, errors: 0 },
        stable: { requests: theirs, errors: 0 },
        blocks: 3,
      },
    ],
    ...more,
  },
})
const on = { ...router, audience: 'on' } as const
const held = { router: { ...on, settledMs: holdMs } }
const doubted = { router: { ...on, settledMs: holdMs + plan.judging.maxDurationMs } }
const trouble = { because: 'no series', lasting: true }

describe('audience', () => {
  decisions({ kind: 'audience' }, [
    [
      'its rules come once the canary is ready',
      { router: { ...router, audience: 'off' } },
      'do audience',
      state,
    ],
    [
      'rules that others have changed are mended',
      { router: { ...router, audience: 'altered' } },
      'do audience',
      state,
    ],
    [
      "not before the dead-man's switch is armed",
      { router: { ...router, audience: 'off' }, watchdog: { kind: 'absent', because: '' } },
      'do arm-watchdog',
      state,
    ],
    ['capacity first', { canary: { ...canary, replicas: 0 } }, 'do canary-deployment 1', state],
    [
      'a share of users gets the pods for that share',
      { router: on },
      'do canary-deployment 3',
      {
        ...state,
        plan: {
          ...plan,
          audience: { ...audience, kind: 'share', percent: 50, by: 'cookie', characters: 'hex' },
        },
      },
    ],
    ['no weight beside it', { router: { ...on, weight: 10 } }, 'do weight 0 h1', state],
    ['the gateway has to take its rules', { router: { ...on, accepted: false } }, 'wait', state],
    ['but not for ever', { router: { ...on, accepted: false }, inPhaseMs: 180_000 }, 'enter revert', state],
    ['it is held for its time', { router: { ...on, settledMs: holdMs - 1 } }, 'measure', counted(50, 950)],
    ['then the weights begin', held, 'enter step 0', counted(50, 950)],
    ['also if nobody of it came', held, 'enter step 0', counted(0, 1000)],
    ['not before any request was counted', held, 'measure', state],
    [
      'a quiet service does not wait for ever',
      { router: { ...on, settledMs: holdMs + 60_000 } },
      'enter step 0',
      state,
    ],
    ['not under suspicion', held, 'measure', counted(50, 950, { evidence: 10 })],
    ['which ends at some time', doubted, 'enter revert', counted(50, 950, { evidence: 10 })],
    [
      'not while the metrics cannot be read',
      held,
      'measure',
      counted(50, 950, { trouble: { ...trouble, lasting: false } }),
    ],
    [
      'blind for good, it is taken back',
      { router: { ...on, settledMs: 60_000 } },
      'enter revert',
      counted(9, 9, { trouble }),
    ],
    [
      'a bad canary is taken back',
      { router: on },
      'enter revert',
      counted(50, 950, { verdict: 'roll-back' }),
    ],
    ['one whose pods fail as well', { canary: { ...canary, readiness: failed } }, 'enter revert', state],
    ['everybody is no audience', { router: on }, 'enter revert', counted(1000, 10)],
    ['an interruption takes it off first', { router: on, interrupted: 'cancelled' }, 'do weight 0 h1', state],
    [
      'and then goes back',
      { router: { ...router, audience: 'off' }, interrupted: 'cancelled' },
      'enter revert',
      state,
    ],
  ])
})

describe('a step with an audience', () => {
  decisions({ kind: 'step', index: 0, weight: 10 }, [
    ['keeps it', { router: { ...router, weight: 10, audience: 'off' } }, 'do audience', state],
    [
      'adds the requests that it had to the capacity',
      { router: { ...on, weight: 10 } },
      'do canary-deployment 3',
      {
        plan,
        judgement: { ...judgement, steps: [...counted(400, 600).judgement.steps, ...judgement.steps] },
      },
    ],
  ])
})

describe('revert', () => {
  decisions({ kind: 'revert' }, [
    ['takes the audience off at weight 0', { router: on }, 'do weight 0 h1', state],
  ])
})
