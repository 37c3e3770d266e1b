import { describe } from '@jest/globals'
import { unjudged } from '../../model/judgement.ts'
import { observation } from '../../testing/facts.ts'
import { decisions } from '../../testing/decided.ts'

const { canary, router } = observation
const counts = { requests: 100, errors: 0 }
const flowing = {
  ...unjudged,
  blocks: 2,
  steps: [{ weight: 50, canary: counts, stable: counts, blocks: 2 }],
}
const quiet = { ...flowing, sampling: { blocks: [], quiet: 1 } }

describe('the data plane is asked as well', () => {
  const at = (settledMs: number, more = {}) => ({
    canary: { ...canary, replicas: 3 },
    router: { ...router, weight: 50, settledMs, ...more },
  })
  const off = {
    ...unjudged,
    blocks: 2,
    sampling: {
      blocks: [
        { canary: 0, stable: 500 },
        { canary: 0, stable: 500 },
      ],
      quiet: 0,
    },
  }
  decisions({ kind: 'step', index: 1, weight: 50 }, [
    ['a weight that it does not follow is measured on', at(30_000), 'measure', { judgement: off }],
    ['but not for ever', at(65_000), 'enter revert', { judgement: off }],
    [
      'clients that stay with their version follow slowly',
      at(65_000, { sticky: true }),
      'enter promote-traffic',
      { judgement: { ...off, verdict: 'ready' } },
    ],
  ])
})

describe('before the canary goes', () => {
  const at = (settledMs: number) => ({ router: { ...router, weight: 0, settledMs } })
  decisions({ kind: 'revert' }, [
    ['the metrics have to show no request to it', at(5000), 'measure', { judgement: flowing }],
    ['once they do', at(5000), 'do restore-routes', { judgement: quiet }],
    ['by time, where there are none', at(5000), 'do restore-routes'],
    [
      'by time, where they stopped',
      at(5000),
      'do restore-routes',
      { judgement: { ...flowing, trouble: { because: 'timeout', lasting: false } } },
    ],
    ['never longer than half a minute', at(35_000), 'do restore-routes', { judgement: flowing }],
    [
      'a gateway that does not confirm it has a limit too',
      { router: { ...router, weight: 0, settledMs: 0, accepted: false }, inPhaseMs: 180_000 },
      'stop halted',
    ],
    [
      'without its Service it can get no request, whatever the gateway says',
      { router: { ...router, weight: 0, settledMs: 0, accepted: false }, canaryService: null },
      'do restore-routes',
      { judgement: flowing },
    ],
    [
      'interrupted: not at all',
      { ...at(5000), interrupted: 'SIGTERM' },
      'stop interrupted',
      { judgement: flowing },
    ],
  ])
  const stable = { ...observation.stable, version: 'new', hash: 'h3', newestHash: 'h3' }
  const returned = { stable, service: { pin: 'h3', endpoints: 3 }, ...at(5000) }
  decisions({ kind: 'promote-return' }, [
    ['likewise on promotion', returned, 'measure', { judgement: flowing }],
    ['and then', returned, 'enter promote-clean', { judgement: quiet }],
  ])
})
