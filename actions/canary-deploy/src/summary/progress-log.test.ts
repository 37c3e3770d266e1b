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
  test('logs a wait once, and its progress every 15 seconds', () => {
    const lines = told(Array.from({ length: 130 }, (_, index) => waiting(index)))
    expect(lines).toEqual([
      'waits: 0 of 1000 pods are ready',
      'waits: 60 of 1000 pods are ready',
      'waits: 120 of 1000 pods are ready',
    ])
  })

  test('logs two alternating waits no more often', () => {
    const turns = Array.from({ length: 40 }, (_, index) =>
      index % 2 === 0 ? waiting(index) : measuring(index),
    )
    expect(told(turns)).toEqual(['waits: 0 of 1000 pods are ready', 'measures; 1 blocks'])
  })

  test('logs another wait at once', () => {
    expect(told([waiting(1), waiting(2), wait('the gateway takes the weight')])).toEqual([
      'waits: 1 of 1000 pods are ready',
      'waits: the gateway takes the weight',
    ])
  })

  test('logs every write and phase, and what is waited for after it again', () => {
    const lines = told([
      waiting(1),
      act({ kind: 'canary-deployment', replicas: 5 }, 'capacity first'),
      waiting(1),
      enterPhase({ kind: 'step', index: 0, weight: 10 }, 'on'),
      waiting(5),
    ])
    expect(lines).toEqual([
      'waits: 1 of 1000 pods are ready',
      'canary to 5 replicas: capacity first',
      'waits: 1 of 1000 pods are ready',
      '→ step 1: on',
      'waits: 5 of 1000 pods are ready',
    ])
  })
})
