import { describe, expect, test } from '@jest/globals'
import { namesIn, one, podsOf, production } from './read.ts'

const workloads = podsOf(production)

describe('kubernetes/production', () => {
  test('holds the eight files of the plan', () => {
    expect(namesIn('production')).toEqual(
      [
        'namespace',
        'postgres',
        'api-gateway',
        'segmentation-service',
        'ai-orchestrator',
        'archive-service',
        'monitoring',
        'security',
      ].sort(),
    )
  })

  test('every namespaced object names atlas-production', () => {
    for (const { kind, metadata } of production)
      expect(metadata.namespace).toBe(kind === 'Namespace' ? undefined : 'atlas-production')
  })

  test('its namespace lets in pods of the restricted standard only', () => {
    expect(production.find(({ kind }) => kind === 'Namespace')?.metadata.labels).toMatchObject({
      'pod-security.kubernetes.io/enforce': 'restricted',
      'pod-security.kubernetes.io/warn': 'restricted',
    })
  })

  test('runs the replicas of the plan: 3/2/2/2 and one database', () => {
    expect(Object.fromEntries(workloads.map(({ name, replicas }) => [name, replicas]))).toMatchObject({
      'api-gateway': 3,
      'segmentation-service': 2,
      'ai-orchestrator': 2,
      'archive-service': 2,
      postgres: 1,
    })
  })

  test.each(workloads.map((one) => [one.name, one] as const))(
    '%s meets the restricted pod security standard, with an account and no token',
    (_, { pod }) => {
      expect(pod).toMatchObject({
        automountServiceAccountToken: false,
        securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
      })
      const account = one(production, 'ServiceAccount', pod.serviceAccountName ?? 'default')
      expect(account['automountServiceAccountToken']).toBe(false)
      for (const { securityContext } of pod.containers)
        expect(securityContext).toMatchObject({
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ['ALL'] },
        })
    },
  )

  test.each(workloads.map((one) => [one.name, one] as const))(
    '%s asks for what it needs, and is limited',
    (_, { pod }) => {
      for (const { resources } of pod.containers) {
        expect(Object.keys(resources?.requests ?? {})).toEqual(expect.arrayContaining(['cpu', 'memory']))
        expect(resources?.limits?.['memory']).toBeDefined()
      }
    },
  )

  test('no secret lies in a manifest', () => {
    expect(production.filter(({ kind }) => kind === 'Secret')).toEqual([])
  })
})
