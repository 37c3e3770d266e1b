import type { Environment } from '../environment/environment.ts'
import {
  own,
  unguarded,
  withContainer,
  withPod,
  type Container,
  type Defect,
  type PodSpec,
} from './defect.ts'

/** No API test asks it, so that nothing else is reported. */
const victim = 'runner-service'

const deployment = (environment: Environment) => own(environment, 'Deployment', victim)

const found = (because: RegExp) => [{ check: `security pods of ${victim}`, because }]

const pod = (name: string, change: (pod: PodSpec) => PodSpec, because: RegExp): Defect => ({
  name,
  change: (environment) => ({
    apply: [unguarded(environment), withPod(deployment(environment), change)],
  }),
  found: found(because),
})

const security = (name: string, context: object, because: RegExp): Defect =>
  pod(
    name,
    (spec) => ({
      ...spec,
      containers: spec.containers.map((one) => ({
        ...one,
        securityContext: { ...one.securityContext, ...context },
      })),
    }),
    because,
  )

const env = (name: string, entries: readonly object[], because: RegExp): Defect => ({
  name,
  change: (environment) => ({
    apply: [
      withContainer(deployment(environment), (container: Container) => ({
        env: [...(container.env ?? []), ...entries],
      })),
    ],
  }),
  found: found(because),
})

/** What a running pod may do that it should not. */
export const podDefects: readonly Defect[] = [
  security('a pod runs as root', { runAsUser: 0, runAsNonRoot: false }, /runner-service may run as root/),
  security('a pod may gain privileges', { allowPrivilegeEscalation: true }, /may gain privileges/),
  security(
    'a pod writes its root file system',
    { readOnlyRootFilesystem: false },
    /may write its root file system/,
  ),
  security(
    'a pod has no seccomp profile',
    { seccompProfile: { type: 'Unconfined' } },
    /seccomp profile Unconfined/,
  ),
  security(
    'a pod keeps a capability',
    { capabilities: { drop: ['ALL'], add: ['NET_ADMIN'] } },
    /keeps capabilities/,
  ),
  security(
    'a pod is privileged',
    { privileged: true, allowPrivilegeEscalation: true },
    /is privileged \(no-host-access\)/,
  ),
  pod(
    'a pod mounts a folder of its node',
    (spec) => ({
      ...spec,
      volumes: [...(spec.volumes ?? []), { name: 'host', hostPath: { path: '/etc' } }],
    }),
    /the pod has hostPath host/,
  ),
  pod('a pod sees the processes of its node', (spec) => ({ ...spec, hostPID: true }), /the pod has hostPID/),
  env(
    'a password stands in an environment variable',
    [{ name: 'DATABASE_PASSWORD', value: 'correct-horse-battery' }],
    /secret in plain text in DATABASE_PASSWORD/,
  ),
  env(
    'a login is put together in the environment',
    [
      { name: 'LOGIN', value: 'atlas:hunter2-hunter2' },
      { name: 'DATABASE', value: 'postgres://$(LOGIN)@postgres/atlas' },
    ],
    /secret in plain text in DATABASE/,
  ),
  {
    name: 'a ConfigMap holds a private key',
    change: ({ namespace }) => ({
      apply: [
        {
          apiVersion: 'v1',
          kind: 'ConfigMap',
          metadata: { name: 'settings', namespace },
          // Only the first line: no key lies in this repository.
          data: { 'server.pem': '-----BEGIN PRIVATE KEY-----' },
        },
      ],
    }),
    found: [
      { check: 'security no secret in a ConfigMap', because: /looks like a secret: settings\/server.pem/ },
    ],
  },
  {
    name: 'a waiver is not needed any more',
    change: () => ({}),
    inputs: () => ({ waivers: `${victim}/non-root: it was, once` }),
    found: [{ check: 'security waivers', because: /to be removed: runner-service\/non-root/ }],
  },
]
