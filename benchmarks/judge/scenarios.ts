import type { Fault, Scenario } from './scenario.ts'

const usual = { rps: 500, base: 0.001 } as const
const percent = (rate: number): string => `${Number((100 * rate).toPrecision(3))} %`

/** Versions that are as good as stable, or within the tolerance: each must go through. */
export const healthy: readonly Scenario[] = [
  ...[5, 50, 500, 5000].flatMap((rps) =>
    [0.0001, 0.001, 0.01].map((base) => well(`even, ${rps} rps, ${percent(base)}`, { rps, base })),
  ),
  well('shared incident: 10 % for a minute', { incidents: [{ from: 40, lasts: 60, errors: 0.1 }] }),
  well('shared incident: 50 % for a minute, 50 rps', {
    rps: 50,
    incidents: [{ from: 33, lasts: 60, errors: 0.5 }],
  }),
  well('shared incidents: three, in ramp, proof and bake', {
    incidents: [20, 70, 200].map((from) => ({ from, lasts: 30, errors: 0.2 })),
  }),
  well('shared incident: three times as slow', { incidents: [{ from: 40, lasts: 60, slow: 3 }] }),
  well('drift: ten times the errors in half an hour', { drift: 10 }),
  well('traffic swings by half', { swing: 0.5 }),
  well('errors in bursts, both together', { base: 0.003, bursts: { of: 'both', shape: 0.5 } }),
  well('errors in bursts, each version its own', { base: 0.003, bursts: { of: 'version', shape: 2 } }),
  well('errors in bursts, each version its own, 50 rps', {
    rps: 50,
    base: 0.01,
    bursts: { of: 'version', shape: 2 },
  }),
  well('errors in bursts, each version its own, mildly', {
    base: 0.01,
    bursts: { of: 'version', shape: 100 },
  }),
  well('errors in bursts, each pod its own', { base: 0.003, bursts: { of: 'pod', shape: 0.5 } }),
  well('retries: failures in batches of 1 to 5', { base: 0.003, retries: 5 }),
  well('retries: failures in batches of 1 to 10, 50 rps', { rps: 50, base: 0.005, retries: 10 }),
  well('the canary gets 30 % less', { bias: 0.7 }),
  well('the canary gets 30 % more', { bias: 1.3 }),
  well('gaps and counter resets', { gaps: 0.1, resets: 0.03 }),
  well('misaligned scrapes', { misaligned: 3 }),
  well('misaligned scrapes, shared incident', {
    misaligned: 3,
    incidents: [{ from: 52, lasts: 60, errors: 0.1 }],
  }),
  well('cold start: five times as slow', { coldStart: 5 }),
  well('latency x1.05', { canary: [{ slow: 1.05 }] }),
  well('latency x1.05, 50 rps', { rps: 50, canary: [{ slow: 1.05 }] }),
  well('latency jumps by 10 %, both together', { jitter: 0.1 }),
  well('no history', { rps: 50, noHistory: true }),
  well('no history, retries', { base: 0.003, retries: 3, noHistory: true }),
  well('half the errors', { base: 0.01, canary: [{ times: 0.5 }] }),
  well('10 % for 45 minutes', { weight: 0.1 }),
  well('10 % for 45 minutes, 50 rps, 1 %', { rps: 50, base: 0.01, weight: 0.1 }),
  well('50 % for 45 minutes, latency x1.05', { rps: 100, weight: 0.5, canary: [{ slow: 1.05 }] }),
]

const faults: readonly (readonly [string, readonly Fault[]])[] = [
  ['+0.5 points', [{ errors: 0.005 }]],
  ['+1 point', [{ errors: 0.01 }]],
  ['+5 points', [{ errors: 0.05 }]],
  ['errors x10', [{ times: 10 }]],
  ['100 %', [{ errors: 1 }]],
  ['latency x1.25', [{ slow: 1.25 }]],
  ['latency x1.5', [{ slow: 1.5 }]],
  ['latency x2', [{ slow: 2 }]],
  ['5 % ten times as slow', [{ tail: 0.05 }]],
  ['hangs', [{ answers: 0 }]],
  ['hangs after 60 s', [{ from: 60, answers: 0 }]],
  ['hangs in the bake', [{ from: 240, answers: 0 }]],
  ['answers a fifth', [{ answers: 0.2 }]],
  ['+5 points in the bake', [{ from: 240, errors: 0.05 }]],
]

/** Versions that must not get through. */
export const bad: readonly Scenario[] = [5, 50, 500].flatMap((rps) =>
  faults.map(([name, canary]): Scenario => ({
    name: `${name}, ${rps} rps`,
    truth: 'bad',
    rps,
    base: 0.001,
    canary: rps === 5 ? canary.map((fault) => late(fault)) : canary,
  })),
)

// At 5 requests a second the bake begins later, and ends no earlier than this begins.
function late(fault: Fault): Fault {
  return fault.from === 240 ? { ...fault, from: 400 } : fault
}

/** Failed requests until the rollback, and the most that may be the median. */
export const costs: readonly { readonly scenario: Scenario; readonly most: number }[] = [
  { most: 50, scenario: ill('100 % bad, integer weights', { canary: [{ errors: 1 }] }) },
  { most: 12, scenario: ill('100 % bad, weights of 0.1 %', { least: 0.001, canary: [{ errors: 1 }] }) },
  { most: 7, scenario: ill('+5 points, integer weights', { canary: [{ errors: 0.05 }] }) },
  { most: 10, scenario: ill('+1 point, integer weights', { canary: [{ errors: 0.01 }] }) },
]

/** Fixed weights, for the delay against the bound. */
export const delays: readonly Scenario[] = [0.001, 0.01].flatMap((base) =>
  [2, 3, 5, 10].flatMap((times) =>
    [0.01, 0.05, 0.2, 0.5].map((weight) =>
      ill(`x${times} of ${percent(base)} at ${percent(weight)}`, {
        base,
        weight,
        canary: [{ times }],
      }),
    ),
  ),
)

/** Time until a healthy version may be promoted, and the most that may be the median, in seconds; null: beyond what any test can. */
export const proofs: readonly { readonly scenario: Scenario; readonly most: number | null }[] = [
  ...[0.0001, 0.001].flatMap((base) =>
    [50, 500, 5000].map((rps) => ({ most: 100, scenario: even(rps, base) })),
  ),
  { most: 100, scenario: even(500, 0.01) },
  { most: 100, scenario: even(5000, 0.01) },
  { most: null, scenario: even(50, 0.01) },
  { most: 480, scenario: even(5, 0.0001) },
  { most: 480, scenario: even(5, 0.001) },
]

function even(rps: number, base: number): Scenario {
  return well(`healthy, ${rps} rps, ${percent(base)}`, { rps, base })
}

function well(name: string, more: Partial<Scenario>): Scenario {
  return { ...usual, ...more, name, truth: 'healthy' }
}

function ill(name: string, more: Partial<Scenario>): Scenario {
  return { ...usual, ...more, name, truth: 'bad' }
}
