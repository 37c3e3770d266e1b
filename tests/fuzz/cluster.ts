// What a cluster and its users hand over: kubeconfigs, manifests, the state that a rollout has left.
import { brotliCompressSync } from 'node:zlib'
import fc from 'fast-check'
import { toJson } from '@alt-las/kubernetes'
import { parseKubeconfig } from '../../packages/kubernetes/client/kubeconfig.ts'
import { duplicates, parseManifests } from '../../packages/kubernetes/manifests/parse-manifests.ts'
import { parseApiTests } from '@alt-las/api-tests'
import { readStateText, writeState } from '../../packages/rollout/state/state-text.ts'
import { rollout } from '../../packages/rollout/testing/facts.ts'
import { inOrderOfNeeds, problemsBetween } from '../../actions/canary-deploy/src/targets/order.ts'
import { type TargetFiles, parseTargets } from '../../actions/canary-deploy/src/targets/parse-targets.ts'
import { must, tried, type Target } from './harness.ts'
import { mutatedJson, mutatedJsonText } from './mutate-json.ts'
import { mutatedTexts } from './mutate-text.ts'

const yamlWords = [
  ...[
    '? ',
    '- ',
    ': ',
    '[',
    ']',
    '{',
    '}',
    ', ',
    '&a ',
    '*a ',
    '<<: *a',
    '!!set ',
    '!!binary ',
    '!t ',
    '---\n',
    '...\n',
    '|\n',
    '>-\n',
  ],
  ...[
    '"',
    "'",
    '#',
    '%YAML 1.1\n',
    '  ',
    '0644',
    'yes',
    '.nan',
    '2026-01-01',
    '~',
    'apiVersion: v1\n',
    'kind: List\nitems:\n',
    '@',
    '`',
  ],
]

const kubeconfig = {
  apiVersion: 'v1',
  kind: 'Config',
  'current-context': 'one',
  contexts: [{ name: 'one', context: { cluster: 'c', user: 'u', namespace: 'n' } }],
  clusters: [
    {
      name: 'c',
      cluster: {
        server: 'https://127.0.0.1:6443',
        'certificate-authority': 'ca.pem',
        'proxy-url': 'http://p:1',
      },
    },
  ],
  users: [
    {
      name: 'u',
      user: {
        token: 'MARKED-TOKEN',
        'client-key-data': Buffer.from('-----BEGIN KEY MARKED-KEY').toString('base64'),
        exec: {
          apiVersion: 'client.authentication.k8s.io/v1',
          command: 'aws',
          args: ['a'],
          env: [{ name: 'A', value: 'b' }],
        },
      },
    },
  ],
}

const manifests = [
  'apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\n  labels: &l {app: web}\nspec:\n  selector: {matchLabels: *l}\n  template:\n    spec:\n      containers:\n        - name: web\n          image: "a:1"\n---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n  x: |\n    many\n    lines\n',
  '{"apiVersion":"v1","kind":"List","items":[{"apiVersion":"v1","kind":"Secret","metadata":{"name":"s"}}]}',
]

/** With an audience, whose texts become a part of a route. */
const invited = {
  ...rollout,
  plan: {
    ...rollout.plan,
    audience: { kind: 'share', percent: 5, by: 'cookie', name: 'session', characters: 'hex', holdMs: 1 },
  },
}

/** With API tests, whose requests are sent. */
const tested = {
  ...rollout,
  plan: {
    ...rollout.plan,
    smoke: parseApiTests(
      'tests: [{ name: a, request: { path: "/${x}", headers: { a: b }, json: { c: 1 } }, expect: { json: { $.d: 1 } }, capture: { e: $.f } }]',
      'smoke.yaml',
    ),
  },
  smoke: {
    outcome: 'passed',
    because: 'all',
    checks: [{ name: 'a', outcome: 'passed', because: 'b', ms: 1 }],
  },
}

const release = [
  {
    deployment: 'web',
    image: 'a@sha256:1',
    manifests: ['k8s/a.yaml', 'k8s/b.yaml'],
    needs: ['store'],
    steps: '5%',
  },
  { deployment: 'store', image: 'outcomes/store/push-image.json', manifests: 'k8s/store.yaml', risk: 0.01 },
]
const ofDocuments = {
  outcomes: 'outcomes/*/push-image.json',
  manifests: 'k8s/{service}.yaml',
  needs: { a: ['b'] },
}
const files: TargetFiles = {
  textAt: (path) => `- {deployment: ${path.length}}`,
  imagesAt: () => ['a', 'b'].map((service) => ({ service, image: `${service}@sha256:1` })),
}

export const cluster: readonly Target[] = [
  tried({
    name: 'targets of a release',
    inputs: fc.oneof(
      mutatedJsonText([release, ofDocuments]),
      mutatedTexts([toYaml(release), toYaml(ofDocuments)], yamlWords),
    ),
    read: (text) => {
      const accepted = ['deployment', 'image', 'manifests', 'steps', 'risk']
      const { entries, problems } = parseTargets(text, accepted, files)
      for (const { deployment, needs, inputs } of entries)
        for (const one of [deployment, ...needs, ...Object.values(inputs)])
          must(typeof one === 'string', 'no text')
      const between = problemsBetween(entries)
      if (problems.length + between.length > 0) throw new Error([...problems, ...between].join('; '))
      const ordered = inOrderOfNeeds(entries)
      must(ordered.length === entries.length, 'a target is lost')
      for (const [index, { needs }] of ordered.entries())
        for (const need of needs)
          must(ordered.findIndex((one) => one.deployment === need) < index, `${need} comes too late`)
    },
    refusal: 'error',
  }),
  tried({
    name: 'kubeconfigs',
    inputs: fc.oneof(mutatedJsonText([kubeconfig]), mutatedTexts([toYaml(kubeconfig)], yamlWords)),
    read: (text) => {
      try {
        const { server, credentials } = parseKubeconfig(text, '/k/config', null)
        must(['http:', 'https:'].includes(server.protocol), server.href)
        for (const value of Object.values(credentials.exec?.env ?? {})) must(typeof value === 'string', 'env')
      } catch (error) {
        must(!hasOwnPlaces(text) || !String(error).includes('MARKED'), 'a message quotes a credential')
        throw error
      }
    },
  }),
  tried({
    name: 'manifests (YAML)',
    inputs: fc.oneof(mutatedTexts(manifests, yamlWords), mutatedJsonText([JSON.parse(manifests[1] ?? '')])),
    read: (text) => {
      const parsed = parseManifests(text, 'f.yaml')
      duplicates(parsed.manifests)
      for (const { object } of parsed.manifests) {
        must(typeof object.metadata.name === 'string' && typeof object.kind === 'string', 'no name')
        toJson(object)
      }
    },
  }),
  tried({
    name: 'rollout state',
    inputs: fc.oneof(mutatedJsonText([rollout, invited, tested]), packed()),
    read: (text) => {
      const read = readStateText(text, 'shop/web')
      toJson(read)
      must(typeof read.plan.deployment === 'string' && Array.isArray(read.plan.steps), 'no plan')
      must(
        !/[`"'|*()]/.test(Object.values(read.plan.audience ?? {}).join(' ')),
        'an audience that a rule would read',
      )
      for (const { request, capture } of read.plan.smoke ?? [])
        must(
          [...Object.values(request.headers), ...Object.values(capture)].every(
            (one) => typeof one === 'string',
          ),
          'a request that cannot be sent',
        )
      must(readStateText(writeState(read), 'again').id === read.id, 'it is written otherwise')
    },
  }),
]

/** A token that was moved to the place of a name is one. */
function hasOwnPlaces(text: string): boolean {
  const count = (pattern: RegExp) => text.match(pattern)?.length ?? 0
  return count(/MARKED-TOKEN/g) === count(/token"?: ?"MARKED-TOKEN"/g)
}

/** With the workloads compressed, also to what unpacks to far more. */
function packed(): fc.Arbitrary<string> {
  const workloads = fc.oneof(
    {
      weight: 8,
      arbitrary: mutatedJson([[rollout.plan.desired, null]]).map((list) => squeezed(JSON.stringify(list))),
    },
    {
      weight: 1,
      arbitrary: fc.constantFrom(squeezed(Buffer.alloc(100 * 1024 * 1024, ' ')), 'x', '', squeezed('[')),
    },
    { weight: 1, arbitrary: fc.base64String({ maxLength: 200 }) },
  )
  const schema = `${rollout.schema}+packed`
  return fc.tuple(mutatedJson([{ ...rollout, schema }]), workloads).map(([state, text]) => {
    return JSON.stringify(typeof state === 'object' ? { ...state, workloads: text } : state) ?? ''
  })
}

function squeezed(content: string | Buffer | undefined): string {
  return brotliCompressSync(content ?? '').toString('base64')
}

/** As kubectl writes it, near enough. */
function toYaml(value: unknown, indent = ''): string {
  if (typeof value !== 'object' || value === null) return ` ${JSON.stringify(value)}\n`
  if (Array.isArray(value))
    return `\n${value.map((one) => `${indent}-${toYaml(one, `${indent}  `)}`).join('')}`
  return `\n${Object.entries(value)
    .map(([key, one]) => `${indent}${key}:${toYaml(one, `${indent}  `)}`)
    .join('')}`
}
