import assert from 'node:assert/strict'
import { services } from '../releases.ts'
import type { Case } from './case.ts'
import { document, pushedDigests, runningDigests, settled } from './assertions.ts'

export const firstInstallation: Case = {
  name: 'first-installation',
  title: 'v1.0.0 on an empty cluster is green, and the pods run the digests that were built',
  minutes: 12,
  run: async ({ stack }) => {
    const run = await stack.run()
    assert.ok(run.green, 'v1.0.0 is not green')
    const pushed = pushedDigests(run)
    assert.deepEqual(await runningDigests(stack), pushed)
    for (const service of Object.keys(pushed)) await settled(stack, service)
    assert.equal(document(run, 'release', 'verify').outcome, 'passed')

    const images = services.map(
      (service) => `alt-las/${service}@${document(run, service, 'push-image').subject.digest}`,
    )
    assert.deepEqual(ours(stack.manifests()), images.toSorted())
    for (const service of services) {
      const tags = await stack.registry.tags(`alt-las/${service}`)
      assert.ok(tags.includes('1.0.0'), `${service} has the tags ${tags.join(', ')}`)
      for (const tag of tags) {
        const digest = await stack.registry.digest(`alt-las/${service}`, tag)
        assert.equal(digest, document(run, service, 'push-image').subject.digest, `${service}:${tag}`)
      }
    }
  },
}

function ours(manifests: readonly string[]): readonly string[] {
  return manifests.filter((name) => services.some((service) => name.startsWith(`alt-las/${service}@`)))
}
