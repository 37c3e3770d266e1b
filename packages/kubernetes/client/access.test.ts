import { afterEach, describe, expect, test } from '@jest/globals'
import { fakeClock, wire, type Wire, type WireAnswer } from '@alt-las/testing'
import { connect } from './client.ts'

const open: Wire[] = []
afterEach(async () => {
  for (const one of open.splice(0)) await one.close()
})

async function world(answer: (body: string) => WireAnswer) {
  const server = await wire(({ body }) => answer(body))
  open.push(server)
  const kubeconfig = `
current-context: c
contexts: [{name: c, context: {cluster: k, user: u}}]
clusters: [{name: k, cluster: {server: "${server.url}"}}]
users: [{name: u, user: {token: sesame}}]
`
  return { ...connect({ kubeconfig, context: null, environment: {} }, fakeClock()), server }
}

describe('access of others', () => {
  test('asks for a ServiceAccount with its groups, in its namespace, and answers what it holds', async () => {
    const { access, server } = await world((body) => {
      const { spec } = JSON.parse(body) as { spec: { resourceAttributes: { verb: string } } }
      return { status: 201, body: { status: { allowed: spec.resourceAttributes.verb === 'list' } } }
    })
    const asked = [
      { verb: 'list', group: '', resource: 'secrets' },
      { verb: 'create', group: '', resource: 'pods/exec' },
    ]
    expect(await access.heldBy({ namespace: 'shop', name: 'web' }, asked)).toEqual([asked[0]])
    expect(server.requests.map(({ path }) => path)).toEqual(
      Array(2).fill('/apis/authorization.k8s.io/v1/namespaces/shop/localsubjectaccessreviews'),
    )
    expect(JSON.parse(server.requests[1]?.body ?? '')).toMatchObject({
      spec: {
        user: 'system:serviceaccount:shop:web',
        groups: ['system:serviceaccounts', 'system:serviceaccounts:shop', 'system:authenticated'],
        resourceAttributes: { verb: 'create', resource: 'pods', subresource: 'exec', namespace: 'shop' },
      },
    })
  })

  test('a caller without the right to ask is told so', async () => {
    const { access } = await world(() => ({ status: 403, body: { kind: 'Status', message: 'no' } }))
    const held = access.heldBy({ namespace: 'shop', name: 'web' }, [
      { verb: 'list', group: '', resource: 'x' },
    ])
    await expect(held).rejects.toMatchObject({ code: 'forbidden' })
  })

  test('a request without credentials carries none', async () => {
    const { access, server } = await world(() => ({ status: 403, body: {} }))
    expect(await access.withoutCredentials('/api/v1/namespaces/shop/secrets')).toBe(403)
    expect(server.requests.map(({ headers }) => headers.authorization)).toEqual([undefined])
  })
})
