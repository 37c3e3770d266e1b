import assert from 'node:assert/strict'
import { deployed } from '../releases.ts'
import type { Case } from './case.ts'
import { document, runningDigests, settled } from './assertions.ts'
import { rate, said, shots } from './traffic.ts'

export const rollbackByHand: Case = {
  name: 'rollback-by-hand',
  title: 'rollback.yaml dispatched to v1.0.0: its digests serve again, verified, and no request is lost',
  run: async ({ stack }) => {
    const load = stack.load(rate, shots)
    const run = await stack.run(
      'dispatch',
      'rollback.yaml',
      'environment=production',
      'service=all',
      'to-release=v1.0.0',
    )
    const result = await load.stop()
    console.log(said(result))
    assert.ok(run.green, 'the rollback is not green')
    assert.equal(document(run, 'production-verify').outcome, 'passed')
    const tagged = await Promise.all(
      deployed.map(
        async (service) => [service, await stack.registry.digest(`alt-las/${service}`, '1.0.0')] as const,
      ),
    )
    assert.deepEqual(await runningDigests(stack), Object.fromEntries(tagged))
    for (const service of deployed) await settled(stack, service)
    assert.deepEqual(result.reasons, {}, 'requests were lost')
  },
}
