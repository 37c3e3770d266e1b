import assert from 'node:assert/strict'
import type { Stack } from '../stack.ts'
import type { Case } from './case.ts'
import { fingerprint, pushedDigests, runningDigests } from './assertions.ts'

export const releaseAgain: Case = {
  name: 'release-again',
  title: 'a release that serves is run again: the same digests, and neither cluster nor registry is touched',
  minutes: 12,
  needs: 'v1.0.0',
  run: async ({ stack }) => {
    const serving = await runningDigests(stack)
    const tag = await servingTag(stack, serving['api-gateway'] ?? '')
    const cluster = await fingerprint(stack)
    const manifests = stack.manifests()
    const again = await stack.run('release', tag)
    assert.ok(again.green, `the re-run of ${tag} is not green`)
    assert.deepEqual(pushedDigests(again), serving, 'the re-run gave other digests')
    assert.deepEqual(await fingerprint(stack), cluster, 'the re-run touched the cluster')
    assert.deepEqual(stack.manifests(), manifests, 'the re-run touched the registry')
  },
}

async function servingTag(stack: Stack, digest: string): Promise<string> {
  const isFirst = (await stack.registry.digest('alt-las/api-gateway', '1.0.0')) === digest
  return isFirst ? 'v1.0.0' : 'v1.1.0'
}
