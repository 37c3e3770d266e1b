import { describe } from '@jest/globals'
import { failed, observation, rollout, waiting, workload } from '../../testing/facts.ts'
import { decisions } from '../../testing/decided.ts'

const { canary, router } = observation
const full = { canary: { ...canary, replicas: 3 } }
const at = (weight: number) => ({ router: { ...router, weight, settledMs: 30_000 } })
const edited = { ...workload, newestHash: 'h9', settled: false, readiness: waiting }
const replaced = { ...workload, hash: 'h9', newestHash: 'h9' }
const unpinned = { service: { pin: null, endpoints: 4 } }

describe("stable's pods are changed from outside", () => {
  decisions({ kind: 'step', index: 1, weight: 50 }, [
    ['the pin comes off before the old pods go', { ...full, ...at(50), stable: edited }, 'do pin null'],
    ['then the rollout goes back', { ...full, ...at(50), ...unpinned, stable: edited }, 'enter revert'],
    ['also where it was seen late', { ...full, ...at(50), stable: replaced }, 'do pin null'],
    ['and then', { ...full, ...at(50), ...unpinned, stable: replaced }, 'enter revert'],
    [
      'a template that cannot run replaces nothing',
      { ...full, ...at(50), stable: { ...edited, readiness: failed } },
      'measure',
    ],
    [
      'interrupted: the traffic first',
      { ...full, ...at(50), stable: edited, interrupted: 'SIGINT' },
      'do weight 0 h1',
    ],
    [
      'interrupted, the traffic is off: then the pin',
      { ...full, ...at(0), stable: edited, interrupted: 'SIGINT' },
      'do pin null',
    ],
  ])
  decisions({ kind: 'prepare' }, [
    ['the pin comes off', { stable: edited }, 'do pin null'],
    ['and does not come back', { ...unpinned, stable: edited }, 'enter revert'],
  ])
  decisions({ kind: 'revert' }, [
    ['the pin comes off before the traffic comes back', { ...at(50), stable: edited }, 'do pin null'],
    ['then the traffic', { ...at(50), ...unpinned, stable: edited }, 'do weight 0 h1'],
  ])
  const warm = { ...full, ...at(100) }
  decisions({ kind: 'warm' }, [['the pin comes off', { ...warm, stable: edited }, 'do pin null']])
})

describe('the other version is changed from outside', () => {
  decisions({ kind: 'step', index: 1, weight: 50 }, [
    [
      "the canary's pods",
      { ...at(50), canary: { ...canary, replicas: 3, newestHash: 'h9' } },
      'enter revert',
    ],
    ["stable's Service is removed", { ...full, ...at(50), service: null }, 'enter revert'],
    ["stable's Service loses its pin", { ...full, ...at(50), ...unpinned }, 'do pin h1'],
  ])
})

describe('where the selector is the switch', () => {
  const plan = { ...rollout.plan, router: 'replicas' as const }
  decisions(
    { kind: 'revert' },
    [
      ['the Service follows the pods that serve', { ...at(0), stable: replaced }, 'do pin h9'],
      [
        'the way back is to the pods that are there',
        { ...at(50), ...unpinned, stable: replaced },
        'do weight 0 h9',
      ],
      ['not before they have all come', { ...at(50), ...unpinned, stable: edited }, 'wait'],
    ].map(([name, seen, expected]) => [name, seen, expected, { plan }] as never),
  )
})

describe("the canary's Service is removed from outside", () => {
  const gone = { ...full, canaryService: null }
  decisions({ kind: 'step', index: 1, weight: 50 }, [
    ['its traffic comes back', { ...gone, ...at(50) }, 'enter revert'],
    ['interrupted: the traffic first', { ...gone, ...at(50), interrupted: 'SIGINT' }, 'do weight 0 h1'],
  ])
  decisions({ kind: 'warm' }, [['while the old version is warm', { ...gone, ...at(100) }, 'enter revert']])
  decisions({ kind: 'revert' }, [['the traffic comes back', { ...gone, ...at(50) }, 'do weight 0 h1']])
  decisions({ kind: 'promote-stable' }, [
    ['there is no old version any more: it is made again', { ...gone, ...at(100) }, 'do canary-service h2'],
  ])
})

describe("the canary's pods are replaced from outside", () => {
  const other = { ...full, canary: { ...full.canary, newestHash: 'h9', settled: false, readiness: waiting } }
  decisions({ kind: 'warm' }, [['the old version is warm', { ...other, ...at(100) }, 'enter revert']])
  decisions({ kind: 'promote-traffic' }, [['so it is here', { ...other, ...at(50) }, 'enter revert']])
  decisions({ kind: 'promote-stable' }, [
    ['its Service follows its pods', { ...other, ...at(100) }, 'do canary-service null'],
  ])
})
