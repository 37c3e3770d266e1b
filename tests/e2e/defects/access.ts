import type { Manifest } from '../../../lab/parts/apply.ts'
import type { Environment } from '../environment/environment.ts'
import { imageLines } from '../environment/verify.ts'
import { headersOf } from './answers.ts'
import { own, withContainer, withPod, type Defect } from './defect.ts'
import { twin } from './twin.ts'

const api = 'rbac.authorization.k8s.io'

interface Grant {
  readonly name: string
  readonly rule: {
    readonly apiGroups: readonly string[]
    readonly resources: readonly string[]
    readonly verbs: readonly string[]
  }
  readonly subject: object
}

/** A Role and its binding. */
const granted = ({ namespace }: Environment, { name, rule, subject }: Grant): readonly Manifest[] => [
  { apiVersion: `${api}/v1`, kind: 'Role', metadata: { name, namespace }, rules: [rule] },
  {
    apiVersion: `${api}/v1`,
    kind: 'RoleBinding',
    metadata: { name, namespace },
    roleRef: { apiGroup: api, kind: 'Role', name },
    subjects: [subject],
  },
]

const readSecrets = { apiGroups: [''], resources: ['secrets'], verbs: ['get', 'list'] }

/** In the form of a token of GitHub, and none. */
const [prefix, rest] = ['ghp_', 'planted0'.repeat(5).slice(0, 36)]
const token = prefix + rest

const psql = ({ kubectl }: Environment, command: string) =>
  kubectl('exec', 'postgres-0', '--', 'psql', '--username=atlas', '--dbname=atlas', '--command', command)

/** Who may do what, and who may know what. */
export const accessDefects: readonly Defect[] = [
  {
    name: 'the deployer reads every Secret',
    change: (environment) => ({
      apply: granted(environment, {
        name: 'deployer-more',
        rule: readSecrets,
        subject: { kind: 'ServiceAccount', name: environment.namespace, namespace: 'alt-las-deployers' },
      }),
    }),
    found: [
      { check: 'security rights of the deployer', because: /the deployer may .*get secrets.* in atlas-/ },
    ],
  },
  {
    name: 'the ServiceAccount of a service runs commands in pods',
    change: (environment) => ({
      apply: granted(environment, {
        name: 'service-more',
        rule: { apiGroups: [''], resources: ['pods/exec'], verbs: ['create'] },
        subject: { kind: 'ServiceAccount', name: 'runner-service', namespace: environment.namespace },
      }),
    }),
    found: [
      {
        check: 'security rights of the ServiceAccounts',
        because: /the ServiceAccount runner-service may create pods\/exec/,
      },
    ],
  },
  {
    name: 'anyone lists the ConfigMaps of the namespace',
    change: (environment) => ({
      apply: granted(environment, {
        name: 'anyone',
        rule: { apiGroups: [''], resources: ['configmaps'], verbs: ['list'] },
        subject: { kind: 'User', apiGroup: api, name: 'system:anonymous' },
      }),
    }),
    found: [
      {
        check: 'security API server without credentials',
        because: /anyone without credentials may list configmaps/,
      },
    ],
  },
  {
    name: 'the database has a user with a default password',
    change: () => ({}),
    act: async (environment) => {
      await psql(environment, "create role postgres login password 'postgres'")
      return async () => {
        await psql(environment, 'drop role postgres')
      }
    },
    found: [
      {
        check: 'security default password of PostgreSQL at postgres:5432',
        because: /accepts a well-known password for the user postgres/,
      },
    ],
  },
  {
    name: 'the gateway lets browsers go back to plain HTTP',
    change: (environment) => {
      const route = own(environment, 'HTTPRoute', 'api-gateway')
      const spec = route['spec'] as { readonly rules: readonly { readonly filters?: readonly object[] }[] }
      const rules = spec.rules.map((rule) => ({ ...rule, filters: [] }))
      return { apply: [{ ...route, spec: { ...spec, rules } }] }
    },
    shows: async (environment) => (await headersOf(environment))['strict-transport-security'] === undefined,
    found: [
      {
        check: 'security headers',
        because: /Strict-Transport-Security/,
      },
    ],
  },
  {
    name: 'a pod writes a token into its log',
    change: (environment) => ({
      apply: [
        withPod(own(environment, 'Deployment', 'runner-service'), (pod) => {
          const [first] = pod.containers
          // Put together by the program: the token does not stand in the manifest.
          const program = `console.log('using the token ${prefix}' + '${rest}'); setInterval(() => {}, 1e9)`
          const talks = { ...first, name: 'talks', args: ['-e', program], env: [], ports: [] }
          const silent = Object.entries(talks).filter(([field]) => !field.endsWith('Probe'))
          return { ...pod, containers: [...pod.containers, Object.fromEntries(silent) as typeof talks] }
        }),
      ],
    }),
    found: [
      { check: 'security no secret in a log', because: /has the form of a credential.*runner-service/ },
    ],
  },
  {
    name: 'an image carries a token in its environment',
    change: async (environment) => {
      const images = { ...environment.images }
      const image = await twin(environment.stack, images['runner-service'] ?? '', {
        env: [`GITHUB_TOKEN=${token}`],
      })
      const deployment = own(environment, 'Deployment', 'runner-service')
      // As if it had been released: the image is the right one, and has the token.
      const inputs = { images: imageLines({ ...images, 'runner-service': image }) }
      return { apply: [withContainer(deployment, () => ({ image }))], inputs }
    },
    found: [
      { check: 'security no secret in an image', because: /runner-service@sha256:\w+ ENV GITHUB_TOKEN/ },
    ],
  },
]
