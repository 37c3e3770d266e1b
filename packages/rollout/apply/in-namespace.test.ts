import type { KubeObject } from '@alt-las/kubernetes'
import { expect, test } from '@jest/globals'
import { inNamespace } from './in-namespace.ts'

const object = (kind: string, spec: object = {}, metadata: object = {}) =>
  ({ apiVersion: 'v1', kind, metadata: { name: 'one', ...metadata }, spec }) as KubeObject
const defines = (kind: string, scope: string) =>
  object('CustomResourceDefinition', { scope, names: { kind } })
const all = [defines('Wide', 'Cluster'), defines('Limit', 'Namespaced')]

test.each([
  ['a kind with namespaces', object('ConfigMap'), 'shop'],
  ['one that has its own', object('ConfigMap', {}, { namespace: 'other' }), 'other'],
  ['a kind without', object('IngressClass'), undefined],
  ['a kind that the manifests define for the whole cluster', object('Wide'), undefined],
  ['a kind that they define with namespaces', object('Limit'), 'shop'],
])('%s', (_name, one, expected) => {
  expect(inNamespace(one, 'shop', all).metadata.namespace).toBe(expected)
})
