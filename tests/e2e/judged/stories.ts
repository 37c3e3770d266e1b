import assert from 'node:assert/strict'
import type { Fault } from '../../../benchmarks/judge/scenario.ts'
import { canaryWeight } from '../rollouts/route.ts'
import { pause, rate, type Lane, type Seen } from './lane.ts'
import { namespace, scale, type Behaviour } from './platform.ts'
import { simulated, type Simulated } from './simulated.ts'

interface Bad {
  readonly title: string
  readonly behaviour: Behaviour
  /** The same in the benchmark's world. */
  readonly faults: readonly Fault[]
  /** What its users see; anything else is the machine's, which has few processors for so many. */
  readonly failure: '500' | 'timeout'
}

const bad: readonly Bad[] = [
  { title: 'every request fails', behaviour: { ERRORS: '1' }, faults: [{ errors: 1 }], failure: '500' },
  { title: '+5 points of errors', behaviour: { ERRORS: '0.05' }, faults: [{ errors: 0.05 }], failure: '500' },
  { title: '+1 point of errors', behaviour: { ERRORS: '0.01' }, faults: [{ errors: 0.01 }], failure: '500' },
  { title: 'twice as slow', behaviour: { SLOW: '2' }, faults: [{ slow: 2 }], failure: '500' },
  { title: 'hangs', behaviour: { HANGS: 'yes' }, faults: [{ answers: 0 }], failure: 'timeout' },
]

/** What the simulation says of each bad version, in their order; takes seconds of the processor, so before there are users. */
export const simulatedCosts = (): readonly Simulated[] => bad.map(({ faults }) => simulated(faults, rate))

/** Each is rolled back; together they cost the users at most twice what the simulation says, and each no more than twice its worst luck. */
export async function badVersions(lane: Lane, costs: readonly Simulated[]): Promise<void> {
  let [failed, expected] = [0, 0]
  for (const [index, { title, behaviour, failure }] of bad.entries()) {
    const seen = await lane.release({ title, behaviour })
    expectVerdict(seen, 'rolled-back')
    const said = costs[index]
    assert.ok(said)
    const count = seen.failed[failure] ?? 0
    console.log(
      `${title}: ${count} requests failed by it, simulated ${said.failed} (95 of 100: up to ${said.mostFailed}); decided after ${seen.decidedAfter.toFixed(0)} s, simulated ${said.seconds} s`,
    )
    assert.ok(count <= 2 * said.mostFailed, `${title}: more requests failed than in the simulation`)
    failed += count
    expected += said.failed
  }
  console.log(`all bad versions: ${failed} requests failed, simulated ${expected}`)
  assert.ok(failed <= 2 * expected, 'more than twice as many requests failed as in the simulation')
}

/** A healthy version, and one that is released while both versions fail 10 % for a minute. */
export async function healthyAndIncident(lane: Lane): Promise<void> {
  const healthy = await lane.release({ title: 'healthy', behaviour: {} })
  expectVerdict(healthy, 'promoted')
  console.log(`healthy: promoted ${healthy.decidedAfter.toFixed(0)} s after its start`)
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
  assert.ok((incident.failed['500'] ?? 0) > 0.05 * rate * 60, 'there was no incident')
}

/** One quick step, in which each has to prove itself; most of them by their errors alone, since the proof of latency takes a minute more. */
export async function tenInARow(lane: Lane): Promise<void> {
  for (let i = 1; i <= 10; i += 1) {
    const inputs = { steps: '50%:5s', bake: '0s', ...(i % 5 === 1 ? {} : { 'latency-margin': 'off' }) }
    const title = `healthy, ${i} of 10`
    expectVerdict(await lane.release({ title, behaviour: {}, inputs }), 'promoted')
  }
}

/** Prometheus goes and comes back: nothing moves meanwhile, then the rollout goes on. */
export async function metricsComeBack(lane: Lane): Promise<void> {
  const back = await lane.release({
    title: 'Prometheus is away for a while',
    behaviour: {},
    meanwhile: async (started) => {
      await started.said(tenPercent)
      await blind(lane)
      await scale(lane.stack, lane.monitor, 1)
    },
  })
  expectVerdict(back, 'promoted')
}

/** Prometheus goes and stays away: nothing moves until `max-duration` lets the policy decide. */
export async function metricsStayAway(lane: Lane): Promise<void> {
  const gone = await lane.release({
    title: 'Prometheus is away until max-duration',
    behaviour: {},
    inputs: { 'max-duration': '2m30s', 'on-undecided': 'abort' },
    meanwhile: async (started) => {
      await started.said(/routes \S+ to the canary/)
      await blind(lane)
    },
  })
  expectVerdict(gone, 'rolled-back')
  assert.match(gone.because, /undecided/)
}

/** Prometheus goes; what the canary has is the same half a minute later. */
async function blind({ stack, monitor, name: deployment }: Lane): Promise<void> {
  await scale(stack, monitor, 0)
  // A block may have been read just before.
  await pause(5000)
  const before = await canaryWeight({ stack, namespace, deployment })
  await pause(blindMs)
  const after = await canaryWeight({ stack, namespace, deployment })
  console.log(`${deployment}: blind for ${blindMs / 1000} s, weight ${before} before, ${after} after`)
  assert.ok(before > 0 && before === after, 'the weight moved without metrics')
}

const blindMs = 30_000

const tenPercent = /routes [1-9]\d(\.\d)?% to the canary/

export function expectVerdict({ verdict, ended }: Seen, expected: string): void {
  if (verdict === expected) return
  const { log, document } = ended
  const recorded = JSON.stringify(document?.evidence.targets?.[0]?.judgement?.course ?? null)
  assert.fail(
    `verdict ${verdict}, expected ${expected}:\n${log.slice(-4000)}\nwhat the judge saw: ${recorded}`,
  )
}
