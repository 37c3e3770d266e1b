import { describe, expect, test } from '@jest/globals'
import type { HTTPRoute } from '@alt-las/kubernetes'
import { refuseForeignOwners } from './owners.ts'

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
      refuseForeignOwners([route(manager, { 'f:rules': {} })])
    }).toThrow(`HTTPRoute shop/web: its rules belong to ${name} (field manager ${manager})`)
  })

  test.each([
    ['kubectl', { 'f:rules': {} }],
    ['alt-las-delivery', { 'f:rules': {} }],
    ['argocd-controller', { 'f:hostnames': {} }],
  ])('%s with %j is no reason', (manager, fields) => {
    expect(() => {
      refuseForeignOwners([route(manager, fields)])
    }).not.toThrow()
  })
})
