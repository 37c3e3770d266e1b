import { cases } from '../e2e/cases/index.ts'
import type { Check, Round } from './check.ts'

/** Every action and every way back once; tests/README.md says what each is for. */
export const core: readonly Round[] = [
  [['first-installation']],
  [['healthy-release']],
  [['failing-canary']],
  [['crash-at-start']],
  [['rollback-by-hand']],
  [['vulnerable-dependency', 'service-repository'], ['killed-runner']],
]

export const long: readonly Round[] = [
  ...core,
  [['release-again', 'database-unreachable']],
  [['database-backup']],
  [['data-kept']],
  [['beta']],
  [['secret-operators']],
  [['why-failed']],
  [['rollouts']],
  [['strategies']],
  [['release-of-five']],
  [['late-fault']],
  [['quiet-release']],
  [['smoke-refused']],
  [['audience', 'audience-traefik']],
  [['lost-runner']],
  [['judged']],
  [['among-people']],
  [['hostile-tenant'], ['hostile-service']],
  [['planted-defects']],
  [['conformance']],
  [['down-and-up']],
  [['histories'], ['fuzz']],
  // Alone: it measures milliseconds.
  [['load-benchmark']],
  [['judge-benchmark', 'rollout-benchmark']],
]

/** Nothing after it can be judged when it fails. */
export const foundation = 'first-installation'

export const checks: readonly Check[] = [
  ...cases.map(({ name, title, minutes }): Check => {
    return { name, part: 'e2e', title, args: ['tests/e2e/main.ts', name], minutes, needsLab: true }
  }),
  {
    name: 'conformance',
    part: 'conformance',
    title: 'the simulated API server answers as the real one does',
    args: ['tests/conformance/main.ts'],
    minutes: 6,
    needsLab: true,
  },
  {
    name: 'histories',
    part: 'histories',
    title: 'rollouts killed anywhere, refused anywhere, two runners in any order: no invariant breaks',
    args: ['tests/histories/main.ts'],
    minutes: 125,
    needsLab: false,
  },
  {
    name: 'fuzz',
    part: 'fuzz',
    title:
      'whatever foreign text comes, its parser refuses it by type or reads it, in bounded time and memory',
    args: ['tests/fuzz/main.ts'],
    minutes: 120,
    needsLab: false,
  },
  {
    name: 'judge-benchmark',
    part: 'benchmarks',
    title: 'the judge beside its peers',
    args: ['benchmarks/judge/main.ts'],
    minutes: 60,
    needsLab: false,
  },
  {
    name: 'load-benchmark',
    part: 'benchmarks',
    title: 'the load of verify measures what a server with known delays does, beside vegeta',
    args: ['benchmarks/verify/main.ts'],
    minutes: 10,
    needsLab: false,
  },
  {
    name: 'rollout-benchmark',
    part: 'benchmarks',
    title: 'what a rollout costs the API server',
    args: ['benchmarks/rollout-cost/main.ts'],
    minutes: 30,
    needsLab: false,
  },
]

/** Keeps the named checks of the rounds; all of them where none is named. */
export function chosen(rounds: readonly Round[], names: readonly string[]): readonly Round[] {
  if (names.length === 0) return rounds
  const kept = rounds.map((lanes) =>
    lanes.map((lane) => lane.filter((name) => names.includes(name))).filter((lane) => lane.length > 0),
  )
  return kept.filter((lanes) => lanes.length > 0)
}
