import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { parseAllDocuments } from 'yaml'
import { root } from '../../scripts/actions.ts'

interface Manifest {
  readonly kind: string
  readonly metadata: {
    readonly name: string
    readonly namespace?: string
    readonly labels?: Readonly<Record<string, string>>
  }
  readonly spec?: {
    readonly replicas?: number
    readonly template?: { readonly spec: PodSpec }
  }
}

interface PodSpec {
  readonly securityContext?: {
    readonly runAsNonRoot?: boolean
    readonly seccompProfile?: { readonly type: string }
  }
  readonly automountServiceAccountToken?: boolean
  readonly containers: readonly {
    readonly name: string
    readonly image: string
    readonly readinessProbe?: unknown
    readonly resources?: { readonly requests?: unknown; readonly limits?: { readonly memory?: string } }
    readonly securityContext?: {
      readonly allowPrivilegeEscalation?: boolean
      readonly readOnlyRootFilesystem?: boolean
      readonly capabilities?: { readonly drop?: readonly string[] }
    }
  }[]
}

const folder = join(root, 'kubernetes/production')
const planned = [
  'namespace',
  'postgres',
  'api-gateway',
  'segmentation-service',
  'ai-orchestrator',
  'archive-service',
  'monitoring',
  'security',
]
const manifests = planned.flatMap((name) =>
  parseAllDocuments(readFileSync(join(folder, `${name}.yaml`), 'utf8')).map(
    (document) => document.toJS() as Manifest,
  ),
)
const workloads = manifests.filter((manifest) => manifest.spec?.template !== undefined)

describe('kubernetes/production', () => {
  test('holds the eight files of the plan', () => {
    expect(
      readdirSync(folder)
        .filter((file) => file.endsWith('.yaml'))
        .sort(),
    ).toEqual(planned.map((name) => `${name}.yaml`).sort())
  })

  test('every namespaced object names atlas-production', () => {
    const cluster = ['Namespace', 'ClusterRole', 'ClusterRoleBinding']
    for (const manifest of manifests.filter((one) => !cluster.includes(one.kind))) {
      expect(manifest.metadata.namespace).toBe('atlas-production')
    }
  })

  test('runs the replicas of the plan: 3/2/2/2 and one database', () => {
    const replicas = Object.fromEntries(workloads.map((one) => [one.metadata.name, one.spec?.replicas]))
    expect(replicas).toMatchObject({
      'api-gateway': 3,
      'segmentation-service': 2,
      'ai-orchestrator': 2,
      'archive-service': 2,
      postgres: 1,
    })
  })

  test.each(workloads.map((one) => [one.metadata.name, one] as const))(
    '%s meets the restricted pod security standard',
    (_, workload) => {
      const pod = workload.spec?.template?.spec
      expect(pod?.securityContext).toMatchObject({
        runAsNonRoot: true,
        seccompProfile: { type: 'RuntimeDefault' },
      })
      for (const container of pod?.containers ?? []) {
        expect(container.securityContext).toMatchObject({
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ['ALL'] },
        })
        expect(container.readinessProbe).toBeDefined()
        expect(container.resources?.limits?.memory).toBeDefined()
      }
    },
  )

  test('no secret lies in a manifest', () => {
    expect(manifests.filter((manifest) => manifest.kind === 'Secret')).toEqual([])
  })
})
