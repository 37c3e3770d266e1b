import assert from 'node:assert/strict'
import { services, vulnerable } from '../releases.ts'
import type { Case } from './case.ts'
import { document, findDocument, fingerprint } from './assertions.ts'

export const vulnerableDependency: Case = {
  name: 'vulnerable-dependency',
  title: 'v1.3.0 with a vulnerable dependency is refused by the scan; registry and cluster are untouched',
  minutes: 5,
  needs: 'v1.0.0',
  run: async ({ stack, releases }) => {
    const manifests = stack.manifests()
    const cluster = await fingerprint(stack)
    releases.commit('v1.3.0', vulnerable)
    const run = await stack.run('release', 'v1.3.0', '--from', releases.folder)

    assert.ok(!run.green, 'v1.3.0 is green')
    for (const service of services) {
      const scan = document(run, service, 'scan-trivy')
      assert.equal(scan.outcome, 'refused', scan.because)
      assert.match(JSON.stringify(scan.evidence), /CVE-2021-44906/)
      assert.equal(findDocument(run, service, 'push-image'), null)
      assert.equal(await stack.registry.digest(`alt-las/${service}`, '1.3.0'), null)
    }
    assert.deepEqual(stack.manifests(), manifests, 'the registry has new manifests')
    assert.deepEqual(await fingerprint(stack), cluster, 'the cluster was touched')
  },
}
