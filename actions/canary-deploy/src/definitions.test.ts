import type { KubeObject } from '@alt-las/kubernetes'
import { describe, expect, test } from '@jest/globals'
import { v2 } from '../../../packages/rollout/testing/manifests.ts'
import { scenario } from './testing/scenario.ts'

const definition = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'limits.shop.example' },
  spec: { group: 'shop.example', scope: 'Namespaced', names: { kind: 'Limit', plural: 'limits' } },
} as KubeObject
const limit = {
  apiVersion: 'shop.example/v1',
  kind: 'Limit',
  metadata: { name: 'one', namespace: 'shop' },
  spec: { max: 9007199254740993n },
} as KubeObject

describe('a CustomResourceDefinition and an object of it in the same manifests', () => {
  test('are applied one after the other, once the definition is established', async () => {
    const here = scenario()
    const outcome = await here.run({}, { objects: [limit, definition] })
    expect(outcome.targets[0]?.verdict).toBe('promoted')
    expect(here.peek('Limit', 'one', 'shop.example/v1')).toHaveProperty('spec.max', 9007199254740993n)
    const again = await here.run({}, { objects: [limit, definition] })
    expect(again.targets[0]?.verdict).toBe('unchanged')
  })

  test('end the rollout in time where the definition never is', async () => {
    const here = scenario()
    await here.run({})
    here.cluster.hooks.onWrite = ({ object }) => {
      const { status } = object as { readonly status?: object }
      const { apiVersion, kind, metadata } = object
      if (kind !== definition.kind || status === undefined) return
      here.cluster.put({
        ...definition,
        metadata: { ...metadata, creationTimestamp: '2999-01-01T00:00:00Z' },
        apiVersion,
      })
    }
    const outcome = await here.run({ image: v2, release: 'r2' }, { objects: [limit, definition] })
    expect(outcome.because).toContain(
      'CustomResourceDefinition limits.shop.example is not established yet, after 2m00s',
    )
    expect(outcome.because).toContain(
      'written objects that stay: CustomResourceDefinition limits.shop.example',
    )
  })
})
