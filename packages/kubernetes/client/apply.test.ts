import { afterEach, describe, expect, test } from '@jest/globals'
import { fakeClock, wire, type Wire, type WireRequest } from '@alt-las/testing'
import type { KubeObject } from '../types/objects.ts'
import { connect } from './client.ts'

const open: Wire[] = []
afterEach(async () => {
  for (const one of open.splice(0)) await one.close()
})

const resources = [
  { name: 'configmaps', kind: 'ConfigMap', namespaced: true },
  { name: 'namespaces', kind: 'Namespace', namespaced: false },
]

/** The request that applies the object. */
async function sent(object: KubeObject): Promise<WireRequest | undefined> {
  const server = await wire(({ path }) => ({
    status: 200,
    body: path === '/api/v1' ? { resources } : {},
  }))
  open.push(server)
  const kubeconfig = `
current-context: c
contexts: [{name: c, context: {cluster: k, user: u}}]
clusters: [{name: k, cluster: {server: "${server.url}"}}]
users: [{name: u, user: {token: sesame}}]
`
  const { cluster, close } = connect({ kubeconfig, context: null, environment: {} }, fakeClock())
  try {
    await cluster.apply(object, 'me')
  } finally {
    close()
  }
  return server.requests.find(({ path }) => path !== '/api/v1')
}

describe('an apply', () => {
  test('of a kind without namespaces carries none, whatever the object has', async () => {
    const metadata = { name: 'ns', namespace: 'other' }
    const request = await sent({ apiVersion: 'v1', kind: 'Namespace', metadata })
    expect(request?.path).toMatch(/^\/api\/v1\/namespaces\/ns\?/)
    expect(JSON.parse(request?.body ?? '')).toHaveProperty('metadata', { name: 'ns' })
  })

  test('keeps every digit of an integer', async () => {
    const metadata = { name: 'c', namespace: 'ns' }
    const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata, max: 9007199254740993n }
    const request = await sent(object)
    expect(request?.body).toContain('"max":9007199254740993')
  })
})
