import assert from 'node:assert/strict'
import { isDeepStrictEqual } from 'node:util'
import { deployed } from '../releases.ts'
import type { Stack } from '../stack.ts'
import type { Case } from './case.ts'
import { document, runningDigests, settled } from './assertions.ts'
import { underUsers } from './traffic.ts'

export const rollbackByHand: Case = {
  name: 'rollback-by-hand',
  title:
    'rollback.yaml dispatched to the other version of the pair: its digests serve again, verified, and no request is lost',
  minutes: 10,
  needs: 'v1.0.0 and v1.1.0',
  run: async ({ stack }) => {
    const [first, second] = [await digestsOf(stack, '1.0.0'), await digestsOf(stack, '1.1.0')]
    // After `healthy-release` v1.1.0 serves; after this case v1.0.0 does.
    const isFirst = isDeepStrictEqual(await runningDigests(stack), first)
    const { run, users } = await underUsers(
      stack,
      'dispatch',
      'rollback.yaml',
      'environment=production',
      'service=all',
      `to-release=${isFirst ? 'v1.1.0' : 'v1.0.0'}`,
    )
    assert.ok(run.green, 'the rollback is not green')
    assert.equal(document(run, 'release', 'verify').outcome, 'passed')
    assert.deepEqual(await runningDigests(stack), isFirst ? second : first)
    for (const service of deployed) await settled(stack, service)
    assert.deepEqual(users.reasons, {}, 'requests were lost')
  },
}

async function digestsOf(stack: Stack, tag: string): Promise<Readonly<Record<string, string | null>>> {
  const digests = await Promise.all(
    deployed.map(
      async (service) => [service, await stack.registry.digest(`alt-las/${service}`, tag)] as const,
    ),
  )
  return Object.fromEntries(digests)
}
