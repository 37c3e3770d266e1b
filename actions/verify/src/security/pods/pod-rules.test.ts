import { describe, expect, test } from '@jest/globals'
import type { Container, PodSpec } from '@alt-las/kubernetes'
import { brokenRules } from './pod-rules.ts'
import { pod } from '../../testing/objects.ts'

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
  [{ args: ['--db-password=hunter2'] }, 'argument 1 (db-password)'],
  [{ command: ['serve', '--token', 'hunter2'] }, 'argument 3 (token)'],
  [{ args: ['postgres://me:hunter2@db/app'] }, 'argument 1'],
])('a secret in the arguments is named by place: %j', (own, where) => {
  const [broken] = brokenRules(having(own))
  expect(broken).toEqual({
    rule: 'no-plain-secrets',
    because: `web has a secret in plain text in its ${where}`,
  })
})

test.each([['--token-file=/run/secrets/token'], ['--password=$(PASSWORD)'], ['-c'], ['max_connections=50']])(
  'the argument %s holds no secret',
  (text) => {
    expect(brokenRules(having({ args: [text] }))).toEqual([])
  },
)

test('what runs counts: a debug container, a host port, and the user that the node reports', () => {
  const debug = { ...good, ephemeralContainers: [{ name: 'debugger', image: 'x' }] }
  expect(brokenRules(pod({ spec: debug })).map(({ because }) => because)).toContain(
    'debugger may gain privileges',
  )
  const port = having({ ports: [{ containerPort: 8080, hostPort: 80 }] })
  expect(brokenRules(port)).toEqual([{ rule: 'no-host-access', because: 'the pod has host port 80' }])
  const { status, ...given } = pod()
  const containerStatuses = [{ name: 'web', ready: true, restartCount: 0, user: { linux: { uid: 0 } } }]
  expect(brokenRules({ ...given, status: { ...status, containerStatuses } })).toEqual([
    { rule: 'non-root', because: 'web runs as root, as its node reports' },
  ])
})
