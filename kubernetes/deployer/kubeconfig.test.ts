import { describe, expect, test } from '@jest/globals'
import { type Kubectl, makeKubeconfig, parseOrder } from './kubeconfig.ts'

const view = {
  clusters: [
    { name: 'a', cluster: { server: 'https://api.example:6443', 'certificate-authority-data': 'Q0E=' } },
  ],
  users: [{ name: 'admin', user: { token: 'of-the-admin' } }],
}
const answer = { status: { token: 'short-lived', expirationTimestamp: '2026-12-01T18:00:00Z' } }

function cluster(answers: { readonly token?: unknown; readonly view?: unknown } = {}) {
  const asked: (readonly string[])[] = []
  const kubectl: Kubectl = (args) => {
    asked.push(args)
    const value = args.includes('token') ? (answers.token ?? answer) : (answers.view ?? view)
    return Promise.resolve(typeof value === 'string' ? value : JSON.stringify(value))
  }
  return { asked, kubectl }
}
const order = { environment: 'beta', hours: 2, output: 'x', context: null } as const

describe('the kubeconfig of a deployer', () => {
  test('holds the token of its ServiceAccount and the cluster, and nothing of the person that asks', async () => {
    const { asked, kubectl } = cluster()
    const { kubeconfig, expires } = await makeKubeconfig({ ...order, context: 'prod' }, kubectl)
    expect(expires).toBe('2026-12-01T18:00:00Z')
    expect(asked[0]).toEqual(
      '--context prod create token beta --namespace alt-las-deployers --duration 2h --output json'.split(' '),
    )
    expect(JSON.parse(kubeconfig)).toMatchObject({
      clusters: [{ cluster: view.clusters[0]?.cluster }],
      users: [{ user: { token: 'short-lived' } }],
      contexts: [{ context: { namespace: 'atlas-beta' } }],
    })
    expect(kubeconfig).not.toContain('of-the-admin')
  })

  test.each([
    ['an answer without a token', { token: {} }, 'without token and expiry'],
    ['an answer that is no JSON', { token: 'secret-text' }, 'no JSON object'],
    ['no cluster', { view: {} }, 'got no cluster'],
    ['an address without TLS', { view: { clusters: [{ cluster: { server: 'http://api' } }] } }, 'clear text'],
  ])('%s is refused, and quotes no answer', async (_, answers, sentence) => {
    const made = makeKubeconfig(order, cluster(answers).kubectl)
    await expect(made).rejects.toThrow(sentence)
    await expect(made).rejects.not.toThrow('secret-text')
  })

  test('all problems of the command line are reported together', () => {
    expect(parseOrder(['production', '--output', 'x'])).toEqual({
      ...order,
      environment: 'production',
      hours: 6,
    })
    const bad = () => parseOrder(['test', '--hours', '25', '--what', 'x'])
    for (const problem of ['environment: got test', '--hours: got 25', 'got --what', '--output: is required'])
      expect(bad).toThrow(problem)
  })
})
