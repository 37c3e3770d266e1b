import assert from 'node:assert/strict'
import { crashing, deployed } from '../releases.ts'
import type { Case } from './case.ts'
import { document, runningDigests, settled } from './assertions.ts'
import { quickSteps, releasedUnderUsers } from './traffic.ts'

export const crashAtStart: Case = {
  name: 'crash-at-start',
  title:
    'v1.4.0, whose container crashes at start, is named with exit code and last log lines; no traffic reached it',
  minutes: 7,
  needs: 'v1.0.0',
  run: async ({ stack, releases }) => {
    const before = await runningDigests(stack)
    releases.commit('v1.4.0', crashing)
    const { run, users } = await releasedUnderUsers(stack, 'v1.4.0', '--from', releases.folder, ...quickSteps)

    assert.ok(!run.green, 'v1.4.0 is green')
    const judged = document(run, 'segmentation-service', 'canary-deploy')
    assert.equal(judged.outcome, 'refused')
    assert.match(judged.because, /crash/i)
    assert.match(judged.because, /exit code 3/)
    assert.match(JSON.stringify(judged), /the segmentation model is missing/)
    assert.equal(judged.evidence.targets?.[0]?.weightPercent, 0)
    assert.deepEqual(await runningDigests(stack), before, 'production does not run the release before')
    for (const service of deployed) await settled(stack, service)
    assert.deepEqual(users.reasons, {}, 'requests were lost')
  },
}
