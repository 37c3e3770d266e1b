import type { AfterSwitch, Fault, Incident, Scenario } from './scenario.ts'
import { healthy } from './scenarios.ts'

/** The same through the rollback window; a weight that is held never comes to it. */
const asBefore = healthy.filter(({ weight }) => weight === undefined)

const incidents: readonly (readonly [string, Partial<Scenario>, Incident])[] = [
  ['10 % for a minute', {}, { from: 0, lasts: 60, errors: 0.1 }],
  ['everything for a minute', {}, { from: 0, lasts: 60, errors: 1 }],
  ['50 % for a minute, 50 rps', { rps: 50 }, { from: 0, lasts: 60, errors: 0.5 }],
  ['10 % for a minute, 5 rps', { rps: 5 }, { from: 0, lasts: 60, errors: 0.1 }],
  ['5 % to the end', {}, { from: 0, lasts: Infinity, errors: 0.05 }],
  ['5 % to the end, 50 rps', { rps: 50 }, { from: 0, lasts: Infinity, errors: 0.05 }],
  ['three times as slow for two minutes', {}, { from: 0, lasts: 120, slow: 3 }],
  ['cold caches: 10 % ten times as slow for two minutes', {}, { from: 0, lasts: 120, tail: 0.1 }],
  ['misaligned scrapes, 10 % for a minute', { misaligned: 3 }, { from: 0, lasts: 60, errors: 0.1 }],
  ['retries in batches of 1 to 5, 10 % for a minute', { retries: 5 }, { from: 0, lasts: 60, errors: 0.1 }],
  ['a tenth of the traffic to the end', {}, { from: 0, lasts: Infinity, traffic: 0.1 }],
  ['no traffic for two minutes', {}, { from: 0, lasts: 120, traffic: 0 }],
  ['five times the traffic for two minutes', {}, { from: 0, lasts: 120, traffic: 5 }],
]

/** Versions without a fault, through the ten minutes after the switch. */
export const lateHealthy: readonly Scenario[] = [
  ...asBefore,
  ...incidents.map(([name, more, incident]) =>
    scenario(`in the window, both: ${name}`, 'healthy', {
      ...more,
      afterSwitch: { at: 'random', incidents: [incident] },
    }),
  ),
]

const faults: readonly (readonly [string, Fault])[] = [
  ['late 100 %', { errors: 1 }],
  ['late +5 points', { errors: 0.05 }],
  ['late latency x1.5', { slow: 1.5 }],
  ['late latency x2', { slow: 2 }],
  ['late, 5 % ten times as slow', { tail: 0.05 }],
  ['late hang', { answers: 0 }],
]

/** Half a point and less is what a promotion tolerates; one point is beyond what 5 requests a second can show in ten minutes. */
const small: readonly (readonly [string, Fault])[] = [
  ['late +1 point', { errors: 0.01 }],
  ['late errors x10', { times: 10 }],
]

const starts: readonly (readonly [string, AfterSwitch['at']])[] = [
  ['anywhere in the window', 'random'],
  ['30 s after the switch', 30],
]

/** Versions that are good until all traffic is theirs. */
export const lateBad: readonly Scenario[] = [500, 50, 5].flatMap((rps) =>
  [...faults, ...(rps === 5 ? [] : small)].flatMap(([name, fault]) =>
    starts.map(([when, at]) =>
      scenario(`${name}, ${rps} rps, ${when}`, 'bad', { rps, afterSwitch: { at, canary: [fault] } }),
    ),
  ),
)

function scenario(name: string, truth: Scenario['truth'], more: Partial<Scenario>): Scenario {
  return { rps: 500, base: 0.001, ...more, name, truth }
}
