import type { ApiTest } from '@alt-las/api-tests'

/** API tests that a plan holds; they are saved with it. */
export type SmokeTests = readonly ApiTest[]

/** Who answers: the pods behind one port of a Service, or one pod. Both are reached through the API server. */
export interface SmokeTarget {
  readonly kind: 'service' | 'pod'
  readonly namespace: string
  readonly name: string
  /** By number or by name. */
  readonly port: string
  /** What the port speaks. */
  readonly scheme: 'http' | 'https'
}

/** `failed`: the test could not be done, so nothing is known. It never counts as passed. */
export interface SmokeCheck {
  readonly name: string
  readonly outcome: 'passed' | 'refused' | 'failed'
  readonly because: string
  readonly ms: number
}

/** The API tests of one rollout against the new version alone. */
export interface SmokeResult {
  readonly outcome: SmokeCheck['outcome']
  /** One sentence: how many have passed, or the first that has not. */
  readonly because: string
  readonly checks: readonly SmokeCheck[]
}

/** Runs API tests against the new version alone. A test that cannot be done is a result, too. */
export interface Smoke {
  /** Rejects only if the run is interrupted. */
  run(tests: SmokeTests, target: SmokeTarget): Promise<SmokeResult>
}
