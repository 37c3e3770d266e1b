import assert from 'node:assert/strict'
import { pause, rate, type Lane, type Seen } from './lane.ts'
import { expectVerdict } from './stories.ts'

/** One quick step, so that most of the time is the rollback window. */
const inputs = {
  steps: '50%:5s',
  bake: '0s',
  'latency-margin': 'off',
  'rollback-window': '100s',
}
const warmMs = 20_000
const allTraffic = /→ warm/
const compares = /→ compare/

/** A version that turns bad when it has had all traffic for a while: stable serves again before many users have seen it. */
export async function turnsBad(lane: Lane): Promise<void> {
  let begun = 0
  const seen = await lane.release({
    title: 'fails half of the requests after it got all of them',
    behaviour: { LATE: 'yes' },
    inputs,
    meanwhile: async (started) => {
      await started.said(allTraffic)
      await pause(warmMs)
      begun = Date.now()
      lane.failLate(0.5)
      await started.said(compares)
      console.log(`${lane.name}: suspected after ${((Date.now() - begun) / 1000).toFixed(0)} s`)
    },
  })
  lane.failLate(0)
  expectVerdict(seen, 'rolled-back')
  assert.match(seen.because, /a fault that came late: canary fails/)
  assert.deepEqual(phasesOf(seen).slice(-4), ['warm', 'compare', 'revert', 'rolled-back'])
  const reverted = timelineOf(seen).find(({ phase }) => phase === 'revert')?.atMs ?? NaN
  const seconds = (reverted - begun) / 1000
  const failed = seen.failed['500'] ?? 0
  console.log(
    `${lane.name}: back on stable ${seconds.toFixed(0)} s after the fault, ${failed} requests failed`,
  )
  // All of the users until the comparison, half of them until the way back: half of these fail.
  assert.ok(seconds < 90, 'the fault lasted longer than a minute and a half')
  assert.ok(failed <= 0.5 * rate * (seconds + 5), 'requests failed after stable had the traffic again')
}

/** The same failures in both versions are no fault of the new one. */
export async function bothSuffer(lane: Lane): Promise<void> {
  const seen = await lane.release({
    title: 'both versions fail 30 % for a while after it got all traffic',
    behaviour: { LATE: 'yes' },
    inputs,
    meanwhile: async (started) => {
      await started.said(allTraffic)
      await pause(warmMs)
      lane.suffer(0.3)
      await started.said(compares)
      await pause(20_000)
      lane.suffer(0)
    },
  })
  expectVerdict(seen, 'promoted')
  const phases = phasesOf(seen)
  const warm = phases.indexOf('warm')
  assert.deepEqual(phases.slice(warm, warm + 3), ['warm', 'compare', 'warm'])
}

const timelineOf = ({ ended }: Seen) => ended.document?.evidence.targets?.[0]?.timeline ?? []
const phasesOf = (seen: Seen): readonly string[] => timelineOf(seen).map(({ phase }) => phase)
