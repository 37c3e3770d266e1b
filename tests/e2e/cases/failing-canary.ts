import assert from 'node:assert/strict'
import { deployed, failingGateway } from '../releases.ts'
import type { Case } from './case.ts'
import { document, runningDigests, settled } from './assertions.ts'
import { quickSteps, releasedUnderUsers } from './traffic.ts'

export const failingCanary: Case = {
  name: 'failing-canary',
  title:
    'v1.2.0, whose gateway fails 20 % of requests, is judged bad by metrics; all of the release before serves again',
  minutes: 15,
  needs: 'v1.0.0',
  run: async ({ stack, releases }) => {
    const before = await runningDigests(stack)
    releases.commit('v1.2.0', failingGateway)
    const { run, users } = await releasedUnderUsers(stack, 'v1.2.0', '--from', releases.folder, ...quickSteps)

    assert.ok(!run.green, 'v1.2.0 is green')
    const judged = document(run, 'api-gateway', 'canary-deploy')
    assert.equal(judged.outcome, 'refused')
    assert.equal(judged.evidence.targets?.[0]?.verdict, 'rolled-back')
    assert.match(
      judged.because,
      /canary fails \d+(\.\d+)? % of requests \(\d+ of \d+\), stable \d+(\.\d+)? % \(\d+ of \d+\) at the same time/,
    )
    assert.ok(
      run.summary.includes(
        `api-gateway was rolled back, because ${judged.because.slice('v1.2.0 is rolled back: '.length)}`,
      ),
      'the summary does not say why',
    )
    assert.deepEqual(await runningDigests(stack), before, 'production does not run the release before')
    for (const service of deployed) await settled(stack, service)
    assert.deepEqual(
      Object.keys(users.reasons).filter((reason) => reason !== '500'),
      [],
      'requests were lost otherwise',
    )
    assert.ok(users.failed / users.sent < 0.05, `${users.failed} of ${users.sent} user requests failed`)
  },
}
