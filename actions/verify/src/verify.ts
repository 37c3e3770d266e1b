import type { Timing } from '@alt-las/outcome'
import type { Clock } from '@alt-las/time'
import { checkApi } from './api/check-api.ts'
import { checkRunner, type CheckKind } from './check.ts'
import { conclude, type VerifyOutcome } from './outcome.ts'
import { checkHealth } from './health/check-health.ts'
import type { Inputs } from './inputs.ts'
import { toJunit } from './junit.ts'
import { checkLoad } from './load/check-load.ts'
import type { Ports } from './ports.ts'
import { checkSecurity } from './security/check-security.ts'
import { readTests } from './api/suite.ts'
import { selectionOf } from './workloads.ts'

/**
 * Health first, since all else would only say the same in more words; then the API and the security at once, for they do not touch;
 * the load last and alone. Throws Failure `checks-not-done` where a check could not be done: what is unknown is not a yes.
 */
export async function verify(inputs: Inputs, given: Ports): Promise<VerifyOutcome> {
  const ports = { ...given, run: checkRunner(given) }
  const tests = await readTests(inputs, ports)
  const asks = (name: CheckKind) => inputs.checks.includes(name)
  const variables = new Map([['unique', ports.unique]])
  // The parser has made sure that these are given where they are needed.
  const { url, rate, namespace } = inputs
  const { timings, timed } = chapters(ports.clock)
  const inside = ports.cluster === null ? null : { ...ports, cluster: ports.cluster }

  const health = await timed('health', async () =>
    asks('health') && inside !== null ? checkHealth({ ...inputs, ...selectionOf(inputs) }, inside) : [],
  )
  const [api, security] = await Promise.all([
    timed('api', async () =>
      asks('api') && url !== null ? checkApi(inputs, { url, tests, variables }, ports) : null,
    ),
    timed('security', async () =>
      asks('security') && namespace !== null && inside !== null
        ? checkSecurity({ ...inputs, namespace }, inside)
        : [],
    ),
  ])
  const plan = { tests, variables: api?.variables ?? variables }
  const load = await timed('load', async () =>
    asks('load') && url !== null && rate !== null
      ? checkLoad({ ...inputs, rate }, { ...plan, url }, ports)
      : null,
  )

  const checks = [...health, ...(api?.checks ?? []), ...security, ...(load?.checks ?? [])]
  const junit = await ports.files.write('junit.xml', toJunit(checks))
  const uncovered = api?.uncovered?.map(({ method, path }) => `${method} ${path}`) ?? null
  return conclude({ checks, junit, load: load?.result ?? null, uncovered, timings }, inputs)
}

/** When each kind of check began and ended, for those that took any time. */
function chapters(clock: Clock) {
  const timings: Timing[] = []
  const timed = async <T>(name: CheckKind, work: () => Promise<T>): Promise<T> => {
    const startedAt = clock.now()
    const result = await work()
    const finishedAt = clock.now()
    if (finishedAt > startedAt) timings.push({ name, startedAt, finishedAt })
    return result
  }
  return { timings, timed }
}
