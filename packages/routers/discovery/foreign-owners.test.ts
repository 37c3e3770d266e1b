import type { HTTPRoute, KubeObject } from '@alt-las/kubernetes'
import { describe, expect, test } from '@jest/globals'
import { refuseForeignOwners } from './foreign-owners.ts'

const route = (manager: string, fields: object): HTTPRoute => ({
  apiVersion: 'gateway.networking.k8s.io/v1',
  kind: 'HTTPRoute',
  metadata: { name: 'web', namespace: 'shop', managedFields: [{ manager, fieldsV1: { 'f:spec': fields } }] },
  spec: {},
})

describe('owners of the weights', () => {
  test.each([
    ['argocd-controller', 'Argo CD'],
    ['argocd-application-controller', 'Argo CD'],
    ['kustomize-controller', 'Flux'],
    ['helm-controller', 'Flux'],
    ['flagger', 'another progressive delivery'],
  ])('%s would put every weight back: refused, with the remedy', (manager, name) => {
    expect(() => {
      refuseForeignOwners([route(manager, { 'f:rules': {} })], 'rules')
    }).toThrow(`HTTPRoute shop/web: its rules belong to ${name} (field manager ${manager})`)
  })

  test.each([
    ['kubectl', { 'f:rules': {} }],
    ['alt-las-delivery', { 'f:rules': {} }],
    ['argocd-controller', { 'f:hostnames': {} }],
  ])('%s with %j is no reason', (manager, fields) => {
    expect(() => {
      refuseForeignOwners([route(manager, fields)], 'rules')
    }).not.toThrow()
  })

  test('a route that Flagger made is its own', () => {
    const made = route('progressive', { 'f:rules': {} })
    const ownerReferences = [{ kind: 'Canary', name: 'web', uid: '1' }]
    expect(() => {
      refuseForeignOwners([{ ...made, metadata: { ...made.metadata, ownerReferences } }], 'rules')
    }).toThrow('belong to another progressive delivery (owned by Canary web)')
  })

  test('each kind has its own field', () => {
    const service: KubeObject = {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: {
        name: 'web',
        managedFields: [{ manager: 'argocd-controller', fieldsV1: { 'f:spec': { 'f:selector': {} } } }],
      },
    }
    expect(() => {
      refuseForeignOwners([service], 'selector')
    }).toThrow('Service web: its selector belong to Argo CD')
    expect(() => {
      refuseForeignOwners([service], 'ports')
    }).not.toThrow()
  })
})
