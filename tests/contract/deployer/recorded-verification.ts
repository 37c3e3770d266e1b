import { readerFor } from '@alt-las/testing'
import { parse } from '../../../actions/verify/src/inputs.ts'
import { clusterWith } from '../../../actions/verify/src/testing/cluster.ts'
import { documentsOf } from '../../../actions/verify/src/testing/documents.ts'
import { deployment, image, pod, service } from '../../../actions/verify/src/testing/objects.ts'
import { ports } from '../../../actions/verify/src/testing/ports.ts'
import { verify } from '../../../actions/verify/src/verify.ts'
import { type Right, recordingCluster, right } from './recording-cluster.ts'

const actionYml = new URL('../../../actions/verify/action.yml', import.meta.url)

/** Every right that a verification with these checks uses: on a healthy system, and where pods are not ready. */
export async function rightsOfVerification(checks: string): Promise<ReadonlySet<Right>> {
  const healthy = [deployment(), pod(), ...service('web', true), ...service('db', true)]
  const starting = { ...pod(), status: { phase: 'Pending' } }
  const rights = new Set<Right>()
  for (const objects of [healthy, [{ ...deployment(), status: {} }, starting]]) {
    const recorded = recordingCluster(clusterWith(objects))
    const access = {
      heldBy: () => {
        rights.add(
          right({ verb: 'create', group: 'authorization.k8s.io', resource: 'localsubjectaccessreviews' }),
        )
        return Promise.resolve([])
      },
      withoutCredentials: () => Promise.resolve(403),
    }
    const given = ports({ cluster: () => recorded.cluster, access: () => access })
    await verify(inputs(checks), given).catch(() => undefined)
    for (const one of recorded.used) rights.add(one)
  }
  return rights
}

const inputs = (checks: string) => (checks === 'monitor' ? ofMonitor : ofRelease(checks))

const ofMonitor = parse(
  readerFor(actionYml, {
    namespace: 'shop',
    url: 'https://shop.example',
    checks: 'monitor',
    'metrics-url': 'service://shop/prometheus:9090',
  }),
  documentsOf([]),
)

const ofRelease = (checks: string) =>
  parse(
    readerFor(actionYml, {
      namespace: 'shop',
      url: 'https://shop.example',
      'api-tests': 'tests.yaml',
      images: image,
      checks,
      rate: checks.includes('load') ? '1' : '',
      'probe-image': image,
      'allowed-connections': 'web:80',
      'denied-connections': 'web -> db:5432',
    }),
    documentsOf([{ service: 'web', image }]),
  )
