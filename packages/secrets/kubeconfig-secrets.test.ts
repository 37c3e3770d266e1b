import { describe, expect, test } from '@jest/globals'
import { kubeconfigSecrets } from './index.ts'

const pem = '-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----\n'
const data = Buffer.from(pem).toString('base64')
const config = (user: string, cluster = '') => `apiVersion: v1
kind: Config
current-context: production
clusters: [{name: c, cluster: {server: "https://k8s.example" ${cluster}}}]
users:
- name: deployer
  user: ${user}
`

describe('the secrets of a kubeconfig', () => {
  test.each<[string, readonly string[]]>([
    ['{token: sesame-open}', ['sesame-open']],
    ['{token: 12345678}', ['12345678']],
    ['{username: admin, password: "pass word"}', ['pass word']],
    [`{client-certificate-data: abcd, client-key-data: ${data}}`, [data, pem]],
    [
      '{auth-provider: {name: oidc, config: {client-id: web, client-secret: s1-s1-s1, id-token: i1, refresh-token: r1}}}',
      ['s1-s1-s1', 'i1', 'r1'],
    ],
    [
      '{exec: {command: x, env: [{name: SESAME, value: open-it}, {name: AWS_PROFILE, value: production}, {name: A_TOKEN, value: abcd}, {name: DEBUG, value: "true"}]}}',
      ['open-it', 'abcd'],
    ],
    [
      '{exec: {command: x, args: [--token, t-1, --client-secret=c-1, --cluster, production], env: null}}',
      ['t-1', 'c-1'],
    ],
    ['{}', []],
  ])('of a user %s', (user, secrets) => {
    expect(kubeconfigSecrets(config(user))).toEqual(secrets)
  })

  test('of a proxy are its password', () => {
    const proxy = ', proxy-url: "http://me:p%40ss@proxy:3128"'
    expect(kubeconfigSecrets(config('{}', proxy))).toEqual(['p%40ss', 'p@ss'])
  })

  test('of a text that is no YAML are all its lines, and what stands behind a colon', () => {
    const secrets = kubeconfigSecrets('users: [\r    token: "sesame-open"\r\n  x')
    expect(secrets).toEqual(expect.arrayContaining(['token: "sesame-open"', 'sesame-open']))
  })

  test('of JSON and of base64 are found too; a path has none', () => {
    expect(kubeconfigSecrets('{"users": [{"user": {"token": "sesame-open"}}]}')).toEqual(['sesame-open'])
    const encoded = Buffer.from(config('{token: sesame-open}').padEnd(400)).toString('base64')
    expect(kubeconfigSecrets(encoded)).toEqual([encoded, 'sesame-open'])
    expect(kubeconfigSecrets('/home/runner/.kube/config')).toEqual([])
    expect(kubeconfigSecrets('')).toEqual([])
  })

  test.each([config('&a [*a]'), 'a\n'.repeat(100_000), `${'['.repeat(10_000)}\n`, config('{token: {a: 1}}')])(
    'of an odd text are found without an error',
    (text) => {
      expect(() => kubeconfigSecrets(text)).not.toThrow()
    },
  )
})

test('an argument or a variable that is no text hides no other secret', () => {
  const exec =
    '{command: x, args: [{toString: 1}, --token, sesame-open], env: [{name: {toString: 1}, value: other-secret}]}'
  expect(kubeconfigSecrets(config(`{exec: ${exec}}`))).toEqual(['sesame-open', 'other-secret'])
})
