import { describe, expect, test } from '@jest/globals'
import type { Container, PodSpec } from '@alt-las/kubernetes'
import { brokenRules, looksSecret } from './pod-rules.ts'
import { pod } from '../testing/objects.ts'

const good = pod().spec
const [container] = good.containers
const having = (own: Partial<Container>, spec: Partial<PodSpec> & { hostNetwork?: boolean } = {}) =>
  pod({ spec: { ...good, ...spec, containers: [{ ...(container as Container), ...own }] } })
const context = container?.securityContext ?? {}

describe('the rules for pods', () => {
  test('hold for a hardened pod', () => {
    expect(brokenRules(pod())).toEqual([])
  })

  test.each([
    [having({ securityContext: { ...context, runAsUser: 0 } }), 'non-root', 'web may run as root'],
    [
      having({}, { securityContext: { seccompProfile: { type: 'RuntimeDefault' } } }),
      'non-root',
      'web may run as root',
    ],
    [
      having({ securityContext: { ...context, allowPrivilegeEscalation: true } }),
      'no-escalation',
      'web may gain privileges',
    ],
    [
      having({ securityContext: { ...context, readOnlyRootFilesystem: false } }),
      'read-only-root',
      'web may write its root file system',
    ],
    [having({}, { securityContext: { runAsNonRoot: true } }), 'seccomp', 'web has the seccomp profile none'],
    [having({ securityContext: { ...context, capabilities: {} } }), 'capabilities', 'web keeps capabilities'],
    [
      having({ securityContext: { ...context, capabilities: { drop: ['ALL'], add: ['SYS_ADMIN'] } } }),
      'capabilities',
      'web keeps capabilities',
    ],
    [having({ securityContext: { ...context, privileged: true } }), 'no-host-access', 'web is privileged'],
    [having({}, { hostNetwork: true }), 'no-host-access', 'the pod has hostNetwork'],
    [
      having({ env: [{ name: 'DB_PASSWORD', value: 'hunter2' }] }),
      'no-plain-secrets',
      'web has a secret in plain text in DB_PASSWORD',
    ],
  ])('%#: %s', (given, rule, because) => {
    expect(brokenRules(given)).toEqual([{ rule, because }])
  })

  const secret = (key: string) => ({ valueFrom: { secretKeyRef: { name: 'db', key } } })
  test.each([
    [
      'of Secrets',
      [
        { name: 'CODE', ...secret('pass') },
        { name: 'URL', value: 'postgres://u:$(CODE)@db/app' },
      ],
      [],
    ],
    [
      'of a Secret alone',
      [
        { name: 'CODE', ...secret('pass') },
        { name: 'PASSWORD', value: '$(CODE)' },
      ],
      [],
    ],
    ['without a value', [{ name: 'URL', value: 'postgres://u:$(CODE)@db/app' }], []],
    [
      'of plain entries',
      [
        { name: 'CODE', value: 'hunter2' },
        { name: 'URL', value: 'postgres://u:$(CODE)@db/app' },
      ],
      ['URL'],
    ],
  ])('read references %s in an env', (_, env, names) => {
    expect(brokenRules(having({ env })).map(({ because }) => because)).toEqual(
      names.map((name) => `web has a secret in plain text in ${name}`),
    )
  })

  test('count for init containers too', () => {
    expect(
      brokenRules(pod({ spec: { ...good, initContainers: [{ name: 'init', image: 'x' }] } })).length,
    ).toBeGreaterThanOrEqual(3)
  })
})

test.each([
  ['PASSWORD_FILE', '/run/secrets/x', false],
  ['DATABASE_URL', 'postgres://db:5432/x', false],
  ['DATABASE_URL', 'postgres://me:pw@db:5432/x', true],
  ['API_KEY', '', false],
  ['ApiKey', 'x', true],
  ['NOTE', '-----BEGIN RSA PRIVATE KEY-----', true],
  ['NOTE', `ghp_${'a'.repeat(36)}`, true],
  ['MAX_TOKENS', '100', false],
  ['url', 'postgres://${USER}:${PASS}@db/x', false],
  ['url', 'postgres://me:pre$(PASS)@db/x', true],
])('%s=%s looks like a secret: %s', (name, value, secret) => {
  expect(looksSecret(name, value)).toBe(secret)
})
