import { readTests, withSession, type ApiTest } from '@alt-las/api-tests'
import { describe } from '@alt-las/failure'
import { checkApi, type ApiRun } from './api/check-api.ts'
import { checkCapacity, type CapacityRun } from './capacity/check-capacity.ts'
import { checkRunner, type Check, type CheckKind, type CheckRunner } from './check.ts'
import { checkHealth } from './health/check-health.ts'
import type { Inputs } from './inputs.ts'
import { toJunit } from './junit.ts'
import { checkLoad, type LoadRun } from './load/check-load.ts'
import { checkMonitor } from './monitor/check-monitor.ts'
import {
  checkEvidence,
  completed,
  conclude,
  evidenceOf,
  subjectOf,
  type Results,
  type VerifyOutcome,
} from './outcome.ts'
import type { Ports } from './ports.ts'
import { checkSecurity } from './security/check-security.ts'
import { readPolicy } from './security/policy/read-policy.ts'
import { settingsOf, type SecuritySettings } from './security/policy/settings.ts'
import { outputsOf, summarizeResults } from './summary.ts'

/**
 * Runs every check that was asked for and concludes. The results are in the draft and in the JUnit file also where the step fails.
 * Throws Failure `checks-not-done` where a check could not be done: unknown is not yes.
 */
export async function verify(inputs: Inputs, ports: Ports): Promise<VerifyOutcome> {
  ports.draft.about(subjectOf(inputs))
  const tests = await readTests(inputs.apiTests, (path) => ports.files.readNamed(path))
  const policy = await readPolicy(inputs.security?.policy ?? null, (path) => ports.files.readNamed(path))
  const given = { tests, settings: settingsOf(policy) }
  // From here on a run that ends without another word was ended by what it verified.
  ports.draft.record({ cause: 'service' })
  ports.draft.output({ cause: 'service' })
  const done: Check[] = []
  const keep = (check: Check) => {
    done.push(check)
    ports.draft.record({ checks: done.map(checkEvidence) })
  }
  try {
    const results = await runChecks(inputs, given, { ...ports, checks: checkRunner({ ...ports, keep }) })
    const known = { ...results, checks: completed(inputs.checks, results.checks) }
    return conclude({ ...known, junit: await record(known, inputs, ports) }, inputs)
  } catch (error) {
    // An interruption: what was found until then is kept.
    if (ports.interrupted.aborted)
      await record(
        { checks: done, load: null, bottleneck: null, capacity: null, uncovered: null },
        inputs,
        ports,
      ).catch((problem: unknown) => {
        ports.log.line(`the results were not written: ${describe(problem)}`)
      })
    throw error
  }
}

/**
 * Health comes first, since a sick workload explains most other refusals. API and security do not touch each other and run together.
 * The load runs alone, and after it the search for the capacity, which goes beyond what the system bears.
 */
async function runChecks(
  inputs: Inputs,
  { tests, settings }: { readonly tests: readonly ApiTest[]; readonly settings: SecuritySettings },
  ports: Ports & { readonly checks: CheckRunner },
): Promise<Results> {
  const start = new Map([['unique', ports.unique]])
  const session = { ...ports, http: withSession(ports.http, ports.clock) }
  const timed = <P, R>(kind: CheckKind, plan: P | null, { run, none }: Room<P, R>) =>
    plan === null ? Promise.resolve(none) : ports.draft.timed(kind, () => run(plan))
  const health = await timed('health', inputs.health, {
    run: (plan) => checkHealth(plan, ports),
    none: [],
  })
  const [api, security] = await Promise.all([
    timed('api', inputs.api, {
      run: (plan) => checkApi(plan, { tests, variables: start }, session),
      none: { checks: [], variables: start, uncovered: null } satisfies ApiRun,
    }),
    timed('security', inputs.security, {
      run: (plan) => checkSecurity(plan, settings, ports),
      none: [],
    }),
  ])
  const load = await timed('load', inputs.load, {
    run: (plan) => checkLoad(plan, { tests, variables: api.variables }, session),
    none: { checks: [], result: null, bottleneck: null } satisfies LoadRun,
  })
  const capacity = await timed('capacity', inputs.capacity, {
    run: (plan) => checkCapacity(plan, { tests, variables: api.variables }, session),
    none: { checks: [], result: null } satisfies CapacityRun,
  })
  const monitor = await timed('monitor', inputs.monitor, {
    run: (plan) => checkMonitor(plan, ports),
    none: [],
  })
  return {
    checks: [...health, ...api.checks, ...security, ...load.checks, ...capacity.checks, ...monitor],
    load: load.result,
    bottleneck: load.bottleneck ?? capacity.result?.bottleneck ?? null,
    capacity: capacity.result,
    uncovered: api.uncovered?.map(({ method, path }) => `${method} ${path}`) ?? null,
  }
}

/** One kind of check; `none` is its result where it was not asked for. */
interface Room<P, R> {
  readonly run: (plan: P) => Promise<R>
  readonly none: R
}

/** Keeps the results where a failed step's document, outputs and summary are made from. Resolves to the path of the JUnit file. */
async function record(results: Results, inputs: Inputs, { draft, files }: Ports): Promise<string> {
  const notRun = inputs.checks.filter((kind) => !results.checks.some((check) => check.kind === kind))
  const evidence = evidenceOf(results, inputs)
  draft.record(evidence)
  draft.output({ cause: evidence.cause ?? 'outside' })
  draft.show(summarizeResults(results, notRun))
  const junit = await files.writeResult('junit.xml', toJunit(results.checks))
  draft.output(outputsOf({ ...results, junit }))
  return junit
}
