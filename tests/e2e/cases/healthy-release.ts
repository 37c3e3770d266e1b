import assert from 'node:assert/strict'
import { deployed, healthy } from '../releases.ts'
import type { Case } from './case.ts'
import { document, pushedDigests, runningDigests, settled } from './assertions.ts'
import { ask } from './ask.ts'
import { quickSteps, releasedUnderUsers } from './traffic.ts'

export const healthyRelease: Case = {
  name: 'healthy-release',
  title: 'v1.1.0 under load is promoted by proof, no request is lost, the data is kept',
  minutes: 15,
  needs: 'v1.0.0',
  run: async ({ stack, releases }) => {
    const stored = await ask(stack, 'POST', '/api/archive/documents', {
      title: 'kept',
      text: 'over releases',
    })
    assert.equal(stored.status, 201)
    const { id } = stored.body as { id: string }

    releases.commit('v1.1.0', healthy)
    const { run, users } = await releasedUnderUsers(stack, 'v1.1.0', '--from', releases.folder, ...quickSteps)

    assert.ok(run.green, 'v1.1.0 is not green')
    for (const service of deployed) {
      const { evidence } = document(run, service, 'canary-deploy')
      const [target] = evidence.targets ?? []
      assert.equal(target?.verdict, 'promoted', service)
      const weights = (target.judgement?.steps ?? []).map((step) => step.weightPercent)
      assert.ok(weights.length >= 2, `${service} went in the steps ${weights.join(', ')}`)
      assert.deepEqual(
        weights,
        weights.toSorted((a, b) => a - b),
      )
      await settled(stack, service)
    }
    assert.deepEqual(await runningDigests(stack), pushedDigests(run))
    assert.ok(users.sent > 1000)
    assert.deepEqual(users.reasons, {}, 'requests were lost')
    const kept = await ask(stack, 'GET', `/api/archive/documents/${id}`)
    assert.equal((kept.body as { title: string }).title, 'kept')
  },
}
