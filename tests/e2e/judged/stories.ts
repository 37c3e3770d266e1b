import assert from 'node:assert/strict'
import type { Fault } from '../../../benchmarks/judge/scenario.ts'
import { canaryWeight } from '../rollouts/route.ts'
import type { Started } from '../rollouts/runner.ts'
import type { Stack } from '../stack.ts'
import { pause, rate, type Lane, type Seen } from './lane.ts'
import { namespace, scale, type Behaviour } from './platform.ts'
import { simulated } from './simulated.ts'

interface Bad {
  readonly title: string
  readonly behaviour: Behaviour
  /** The same in the benchmark's world. */
  readonly faults: readonly Fault[]
}

const bad: readonly Bad[] = [
  { title: 'every request fails', behaviour: { ERRORS: '1' }, faults: [{ errors: 1 }] },
  { title: '+5 points of errors', behaviour: { ERRORS: '0.05' }, faults: [{ errors: 0.05 }] },
  { title: '+1 point of errors', behaviour: { ERRORS: '0.01' }, faults: [{ errors: 0.01 }] },
  { title: 'twice as slow', behaviour: { SLOW: '2' }, faults: [{ slow: 2 }] },
  { title: 'hangs', behaviour: { HANGS: 'yes' }, faults: [{ answers: 0 }] },
]

/** Each is rolled back; together they cost the users at most twice what the simulation says, and each no more than twice its worst luck. */
export async function badVersions(lane: Lane): Promise<void> {
  let [failed, expected] = [0, 0]
  for (const { title, behaviour, faults } of bad) {
    const seen = await lane.release({ title, behaviour })
    expectVerdict(seen, 'rolled-back')
    const said = simulated(faults, rate)
    console.log(
      `${title}: ${String(seen.failed)} requests failed, simulated ${String(said.failed)} (95 of 100: up to ${String(said.mostFailed)}); decided after ${seen.decidedAfter.toFixed(0)} s, simulated ${String(said.seconds)} s`,
    )
    assert.ok(seen.failed <= 2 * said.mostFailed, `${title}: more requests failed than in the simulation`)
    failed += seen.failed
    expected += said.failed
  }
  console.log(`all bad versions: ${String(failed)} requests failed, simulated ${String(expected)}`)
  assert.ok(failed <= 2 * expected, 'more than twice as many requests failed as in the simulation')
}

/** A healthy version, and one that is released while both versions fail 10 % for a minute. */
export async function healthyAndIncident(lane: Lane): Promise<void> {
  const healthy = await lane.release({ title: 'healthy', behaviour: {} })
  expectVerdict(healthy, 'promoted')
  assert.equal(healthy.failed, 0, 'requests failed')
  const incident = await lane.release({
    title: 'both versions fail 10 % for a minute',
    behaviour: {},
    meanwhile: async (started) => {
      await started.said(tenPercent)
      lane.suffer(0.1)
      await pause(60_000)
      lane.suffer(0)
    },
  })
  expectVerdict(incident, 'promoted')
  assert.ok(incident.failed > 0.05 * rate * 60, 'there was no incident')
}

/** Quick steps; every one of them takes its traffic and proves itself. */
export async function tenInARow(lane: Lane): Promise<void> {
  for (let i = 1; i <= 10; i += 1) {
    const title = `healthy, ${String(i)} of 10`
    const seen = await lane.release({ title, behaviour: {}, inputs: { steps: '20%:5s, 50%:5s', bake: '0s' } })
    expectVerdict(seen, 'promoted')
    assert.equal(seen.failed, 0, `${title}: requests failed`)
  }
}

/** Prometheus goes: nothing moves until it is back, or until `max-duration` lets the policy decide. */
export async function withoutMetrics(lane: Lane, { stack, monitor }: Outage): Promise<void> {
  const blind = async (started: Started, from: RegExp, ms: number) => {
    await started.said(from)
    await scale(stack, monitor, 0)
    // A block may have been read just before.
    await pause(5000)
    const before = await canaryWeight(stack, { namespace, name: lane.name })
    await pause(ms)
    const after = await canaryWeight(stack, { namespace, name: lane.name })
    console.log(
      `${lane.name}: blind for ${String(ms / 1000)} s, ${show(before)} before, ${show(after)} after`,
    )
    assert.ok(before > 0 && before === after, 'the weight moved although nobody could see')
  }
  const back = await lane.release({
    title: 'Prometheus is away for a while',
    behaviour: {},
    meanwhile: async (started) => {
      await blind(started, tenPercent, 30_000)
      await scale(stack, monitor, 1)
    },
  })
  expectVerdict(back, 'promoted')
  const gone = await lane.release({
    title: 'Prometheus is away until max-duration',
    behaviour: {},
    inputs: { 'max-duration': '75s', 'on-undecided': 'abort' },
    meanwhile: (started) => blind(started, /routes \S+ to the canary/, 30_000),
  })
  expectVerdict(gone, 'rolled-back')
  assert.match(gone.because, /undecided/)
  await scale(stack, monitor, 1)
}

interface Outage {
  readonly stack: Stack
  readonly monitor: string
}

const tenPercent = /routes [1-9]\d(\.\d)?% to the canary/

const show = (weight: number): string => `weight ${String(weight)}`

function expectVerdict({ verdict, ended }: Seen, expected: string): void {
  if (verdict === expected) return
  const { log, document } = ended
  const recorded = JSON.stringify(document?.evidence['course'] ?? null)
  assert.fail(
    `verdict ${verdict}, expected ${expected}:\n${log.slice(-4000)}\nwhat the judge saw: ${recorded}`,
  )
}
