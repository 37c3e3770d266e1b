import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from '@jest/globals'
import { parse, parseAllDocuments } from 'yaml'
import { root } from '../../../scripts/actions.ts'
import { verificationPermissions } from '../../../actions/canary-deploy/src/permissions/verification-permissions.ts'
import { readWorkflow } from '../../workflows/read.ts'
import { type Right, right } from './recording-cluster.ts'
import { type Deployed, rightsOfRelease } from './recorded-release.ts'
import { rightsOfVerification } from './recorded-verification.ts'

interface Rule {
  readonly apiGroups: readonly string[]
  readonly resources: readonly string[]
  readonly resourceNames?: readonly string[]
  readonly verbs: readonly string[]
}

const folder = join(root, 'kubernetes/deployer')
const text = (name: string): string => readFileSync(join(folder, name), 'utf8')
const { rules } = parse(text('role.yaml')) as { readonly rules: readonly Rule[] }
const workflow = readWorkflow('.github/workflows/production-ci-cd.yaml')

const deployed = (workflow.jobs['deploy-production']?.steps ?? []).flatMap(
  ({ uses, with: given }): Deployed[] =>
    uses === './actions/canary-deploy' && given?.['manifests'] !== undefined
      ? [
          {
            deployment: String(given['deployment']),
            manifests: String(given['manifests']).trim().split('\n'),
          },
        ]
      : [],
)
const checks = String(workflow.jobs['verify']?.steps.find(({ id }) => id === 'verify')?.with?.['checks'])

/** Routers that the platform of these environments does not have: their lists are tried, and forbidden ones are left out. */
const isOfOtherRouters = (one: Right): boolean => /\.(traefik\.io|networking\.istio\.io)$/.test(one)

const granted = new Set(
  rules.flatMap(({ apiGroups, resources, verbs }) =>
    apiGroups.flatMap((group) =>
      resources.flatMap((resource) => verbs.map((verb) => right({ verb, group, resource }))),
    ),
  ),
)

describe('kubernetes/deployer', () => {
  let needed: ReadonlySet<Right>
  beforeAll(async () => {
    const release = await rightsOfRelease(deployed.map(withAutoscaler))
    const verification = await rightsOfVerification(checks)
    const monitoring = await rightsOfVerification('monitor')
    needed = new Set([...release, ...verification, ...monitoring].filter((one) => !isOfOtherRouters(one)))
  }, 120_000)

  test('grants every right that a release, its verification, its monitoring and its rollback need', () => {
    expect([...needed].filter((one) => !granted.has(one)).sort()).toEqual([])
  })

  test('preflight asks for every right that a verification needs', async () => {
    const asked = new Set(verificationPermissions('atlas-production').map(right))
    const used = await rightsOfVerification(checks)
    expect([...used].filter((one) => !asked.has(one))).toEqual([])
  })

  test('grants no right beyond', () => {
    expect([...granted].filter((one) => !needed.has(one)).sort()).toEqual([])
  })

  test('grants no wildcard, no Secret but the key of the states, and nothing outside of a namespace', () => {
    for (const { apiGroups, resources, verbs } of rules)
      expect([...apiGroups, ...resources, ...verbs]).not.toContain('*')
    const secrets = rules.filter(({ resources }) => resources.includes('secrets'))
    for (const { verbs, resourceNames } of secrets)
      expect(resourceNames ?? verbs).toEqual(
        resourceNames === undefined ? ['create'] : ['alt-las-rollout-key'],
      )
    expect(kinds()).not.toContain('ClusterRoleBinding')
  })

  test('the namespace of the deployers runs no pod: nobody can mount their tokens', () => {
    const [namespace, quota] = parseAllDocuments(text('namespace.yaml')).map((one) => one.toJS() as unknown)
    expect(namespace).toMatchObject({ kind: 'Namespace', metadata: { name: 'alt-las-deployers' } })
    expect(quota).toMatchObject({
      kind: 'ResourceQuota',
      metadata: { namespace: 'alt-las-deployers' },
      spec: { hard: { pods: '0' } },
    })
  })

  test.each(['production', 'beta'])(
    'the deployer of %s is bound in that environment alone',
    (environment) => {
      const [account, binding] = parseAllDocuments(text(`${environment}.yaml`)).map(
        (one) => one.toJS() as unknown,
      )
      expect(account).toMatchObject({
        kind: 'ServiceAccount',
        metadata: { name: environment, namespace: 'alt-las-deployers' },
        automountServiceAccountToken: false,
      })
      expect(binding).toMatchObject({
        kind: 'RoleBinding',
        metadata: { namespace: `atlas-${environment}` },
        roleRef: { kind: 'ClusterRole', name: 'alt-las-deployer' },
        subjects: [{ kind: 'ServiceAccount', name: environment, namespace: 'alt-las-deployers' }],
      })
    },
  )

  test('a release does not write its Namespace: the deployer could remove the Pod Security labels', () => {
    expect(deployed.flatMap(({ manifests }) => manifests)).not.toContain(
      'kubernetes/production/namespace.yaml',
    )
  })
})

/** The optional file of the service, too. */
function withAutoscaler(one: Deployed): Deployed {
  const file = join(root, 'kubernetes/autoscaling', `${one.deployment}.yaml`)
  return existsSync(file) ? { ...one, manifests: [...one.manifests, file] } : one
}

const kinds = () =>
  ['namespace.yaml', 'role.yaml', 'production.yaml', 'beta.yaml']
    .flatMap((name) => parseAllDocuments(text(name)))
    .map((one) => (one.toJS() as { readonly kind: string }).kind)
