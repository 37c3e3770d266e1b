import assert from 'node:assert/strict'
import { healthy, services } from '../releases.ts'
import type { Case } from './case.ts'
import { document, findDocument, fingerprint } from './assertions.ts'

export const databaseUnreachable: Case = {
  name: 'database-unreachable',
  title: 'with Trivy’s database unreachable the scan is failed: not refused, not passed; nothing is pushed',
  minutes: 5,
  needs: 'v1.0.0',
  run: async ({ stack, releases }) => {
    const manifests = stack.manifests()
    const cluster = await fingerprint(stack)
    releases.commit('v1.5.0', healthy)
    // Port 9 of the loopback range: nothing listens there.
    const nowhere = 'TRIVY_DB_REPOSITORY=127.0.0.1:9/trivy-db:2'
    const run = await stack.run('release', 'v1.5.0', '--from', releases.folder, '--var', nowhere)

    assert.ok(!run.green, 'the run is green')
    for (const service of services) {
      assert.equal(document(run, service, 'build-image').outcome, 'passed')
      const scan = document(run, service, 'scan-trivy')
      assert.equal(scan.outcome, 'failed', scan.because)
      assert.match(scan.because, /database/)
      assert.equal(findDocument(run, service, 'push-image'), null)
    }
    assert.deepEqual(stack.manifests(), manifests, 'the registry has new manifests')
    assert.deepEqual(await fingerprint(stack), cluster, 'the cluster was touched')
  },
}
