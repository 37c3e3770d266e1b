import type { Decision } from '@alt-las/rollout'
import { fakeClock, silentLog } from '@alt-las/testing'
import { describe, expect, test } from '@jest/globals'
import { act, enterPhase, wait } from '../../../../packages/rollout/decide/answers/decision.ts'
import { rollout, observation } from '../../../../packages/rollout/testing/facts.ts'
import { progressLog } from './progress-log.ts'

/** What is told of these decisions, one each 250 ms, without times and columns. */
function told(decisions: readonly Decision[], everyMs = 250): readonly string[] {
  const log = silentLog()
  const clock = fakeClock()
  const progress = progressLog(log, clock)
  for (const decision of decisions) {
    progress(decision, rollout, observation)
    clock.advance(everyMs)
  }
  return log.lines.map((line) => line.replace(/^.*canary +\d+% +/, ''))
}

const waiting = (count: number) => wait(`${count} of 1000 pods are ready`)
const measuring = (count: number): Decision => ({ kind: 'measure', because: `${count} blocks` })

describe('the log of a rollout', () => {
  test('logs a wait when it lasts, its progress after 15 seconds, then ever more rarely', () => {
    const lines = told(Array.from({ length: 450 }, (_, index) => waiting(index)))
    expect(lines).toEqual([
      'waits: 12 of 1000 pods are ready',
      'waits: 72 of 1000 pods are ready',
      'waits: 192 of 1000 pods are ready',
      'waits: 432 of 1000 pods are ready',
    ])
  })

  test('never logs one line twice: a wait without progress says how long it has lasted', () => {
    const lines = told(
      Array.from({ length: 3 * 3600 }, () => waiting(3)),
      1000,
    )
    expect(lines.slice(0, 4)).toEqual([
      'waits: 3 of 1000 pods are ready',
      'waits: 3 of 1000 pods are ready, for 18s now',
      'waits: 3 of 1000 pods are ready, for 48s now',
      'waits: 3 of 1000 pods are ready, for 1m48s now',
    ])
    expect(new Set(lines).size).toBe(lines.length)
    expect(lines.length).toBeLessThan(45)
  })

  test('says once what the history promises', () => {
    const log = silentLog()
    const progress = progressLog(log, fakeClock())
    const forecast = {
      ...{ historyMs: 1_800_000, requestsPerSecond: 0, errorRate: 0, dispersion: 1 },
      ...{ requests: 894, proofMs: null },
    }
    const known = { ...rollout, judgement: { ...rollout.judgement, forecast } }
    progress(waiting(1), known, observation)
    progress(measuring(1), known, observation)
    const said = log.lines.filter((line) => line.includes('foresees'))
    expect(said).toHaveLength(1)
    expect(said[0]).toContain(
      'stable had no request in the last 30m00s; a proof needs some 894 requests to the canary, and none comes',
    )
  })

  test('logs two alternating waits no more often', () => {
    const turns = Array.from({ length: 40 }, (_, index) =>
      index % 2 === 0 ? waiting(index) : measuring(index),
    )
    expect(told(turns)).toEqual(['waits: 12 of 1000 pods are ready', 'measures; 13 blocks'])
  })

  test('logs nothing of a wait that is over at once', () => {
    expect(told([waiting(1), waiting(2), wait('the gateway takes the weight')])).toEqual([])
  })

  test('logs every write and phase, and its end once', () => {
    const lines = told([
      waiting(1),
      act({ kind: 'canary-deployment', replicas: 5 }, 'capacity first'),
      act({ kind: 'canary-deployment', replicas: 5 }, 'capacity first'),
      enterPhase({ kind: 'done', verdict: 'promoted' }, 'it has all traffic'),
      { kind: 'finish', because: 'it has all traffic' },
    ])
    expect(lines).toEqual([
      'canary to 5 replicas: capacity first',
      'canary to 5 replicas: capacity first (2 times now)',
      '→ promoted: it has all traffic',
    ])
  })
})
