import type { Manifest } from '../../../lab/parts/apply.ts'
import type { Environment } from '../environment/environment.ts'
import { own, type Defect } from './defect.ts'

const policy = (namespace: string, name: string, spec: object): Manifest => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { name, namespace },
  spec,
})

const removed = (name: string) => (environment: Environment) => ({
  remove: [own(environment, 'NetworkPolicy', name)],
})

/** Requests fail with it too, which the API tests would report beside it. */
const securityAlone = () => ({ checks: 'security', images: '', 'api-tests': '', openapi: '' })

const postgres = { matchLabels: { 'app.kubernetes.io/name': 'postgres' } }

/** Who may talk to whom, as tried from inside. */
export const networkDefects: readonly Defect[] = [
  {
    name: 'every pod reaches the database',
    change: ({ namespace }) => ({
      apply: [
        policy(namespace, 'to-postgres', {
          podSelector: {},
          policyTypes: ['Egress'],
          egress: [{ to: [{ podSelector: postgres }] }],
        }),
        policy(namespace, 'postgres-from-all', {
          podSelector: postgres,
          policyTypes: ['Ingress'],
          ingress: [{}],
        }),
      ],
    }),
    found: [
      {
        check: 'security connection a pod without labels -> postgres:5432',
        because: /must be closed, but is open/,
      },
      { check: 'security connection api-gateway -> postgres:5432', because: /must be closed, but is open/ },
    ],
  },
  {
    name: 'a service is asked past the gateway',
    change: ({ namespace }) => ({
      apply: [
        policy(namespace, 'archive-to-segmentation', {
          podSelector: { matchLabels: { 'app.kubernetes.io/name': 'archive-service' } },
          policyTypes: ['Egress'],
          egress: [
            { to: [{ podSelector: { matchLabels: { 'app.kubernetes.io/name': 'segmentation-service' } } }] },
          ],
        }),
        policy(namespace, 'segmentation-from-archive', {
          podSelector: { matchLabels: { 'app.kubernetes.io/name': 'segmentation-service' } },
          policyTypes: ['Ingress'],
          ingress: [
            { from: [{ podSelector: { matchLabels: { 'app.kubernetes.io/name': 'archive-service' } } }] },
          ],
        }),
      ],
    }),
    found: [
      {
        check: 'security connection archive-service -> segmentation-service:80',
        because: /must be closed, but is open/,
      },
    ],
  },
  {
    name: 'the policy that lets callers reach the internal gateway is gone',
    change: removed('callers-to-internal-gateway'),
    inputs: securityAlone,
    found: [
      {
        check: 'security connection api-gateway -> internal-gateway:8081',
        because: /must be open, but is silent/,
      },
    ],
  },
  {
    name: 'the policy that lets the archive reach its database is gone',
    change: removed('clients-to-postgres'),
    inputs: securityAlone,
    found: [
      {
        check: 'security connection archive-service -> postgres:5432',
        because: /must be open, but is silent/,
      },
    ],
  },
]
