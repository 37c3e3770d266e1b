import assert from 'node:assert/strict'
import { withContainers } from './containers.ts'
import { expectEnd, expectNothingLeft, expectNothingWritten } from './expect.ts'
import type { Story } from './story.ts'

const none = {
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  capabilities: { drop: ['ALL'] },
}
const runtime = 'gcr.io/distroless/nodejs24-debian12'
const idle = ['-e', 'setInterval(() => {}, 1e6)']

/** Manifests are read as kubectl reads them, and what they no longer say is gone. */
export const manifests: readonly Story[] = [
  {
    name: 'leftovers',
    done: 'kubectl has applied an env and a sidecar that the new manifests do not have',
    right: 'promoted without them',
    before: (place) => place.version('1').map((one) => withSidecar(one)),
    play: async (place) => {
      expectEnd(await place.release(place.version('2'), { container: 'web' }).ended, 'promoted')
      const template = await place.kubectl(
        'get',
        'deployment',
        'web',
        '--output',
        'jsonpath={.spec.template.spec.containers[*].name} {.spec.template.spec.containers[*].env[*].name}',
      )
      assert.equal(template, 'web VERSION')
      await expectNothingLeft(place)
    },
  },
  {
    name: 'definitions',
    done: 'a definition, an object of it with an integer beyond 2^53, and a file of comments',
    right: 'installed in that order, every digit kept',
    before: null,
    play: async (place) => {
      const plural = 'wides'
      const definition = definitionOf(`${plural}.${group}`, plural)
      const wide = `apiVersion: ${group}/v1\nkind: Wide\nmetadata: { name: one, namespace: ${place.namespace} }\nspec: { max: 9007199254740993 }`
      const objects = [wide, definition, '# nothing here', ...place.version('1')]
      const ended = await place.release(objects, { kubeconfig: place.admin }).ended
      expectEnd(ended, 'promoted')
      const max = await place.kubectl('get', `${plural}.${group}`, 'one', '--output', 'jsonpath={.spec.max}')
      assert.equal(max, '9007199254740993')
      await place.stack.kubectl('delete', 'customresourcedefinition', `${plural}.${group}`)
    },
  },
  {
    name: 'init-image',
    done: 'an init container and a native sidecar are of the released repository, by tag',
    right: 'both get the digest',
    before: null,
    play: async (place) => {
      const initContainers = [
        { name: 'prepare', image: `${runtime}:nonroot`, args: ['-e', '1'], securityContext: none },
        { name: 'side', image: runtime, restartPolicy: 'Always', args: idle, securityContext: none },
      ]
      const change = { Deployment: { spec: { template: { spec: { initContainers } } } } }
      expectEnd(await place.release(place.version('1', change)).ended, 'promoted')
      const images = await place.kubectl(
        'get',
        'deployment',
        'web',
        '--output',
        'jsonpath={.spec.template.spec.initContainers[*].image} {.spec.template.spec.containers[*].image}',
      )
      assert.equal(new Set(images.split(' ')).size, 1, images)
      assert.match(images, /@sha256:/)
    },
  },
  {
    name: 'zero',
    done: 'the manifests ask for 0 replicas',
    right: 'refused: nothing would run',
    before: null,
    play: (place) =>
      expectNothingWritten(
        place,
        () => place.release(place.version('1', { Deployment: { spec: { replicas: 0 } } })),
        /0 replicas, so nothing would run/,
      ),
  },
]

const group = 'people.example'

const definitionOf = (name: string, plural: string) => ({
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name },
  spec: {
    group,
    scope: 'Namespaced',
    names: { kind: 'Wide', plural, singular: 'wide' },
    versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: schema } }],
  },
})

const max = { type: 'integer', format: 'int64' }
const schema = { type: 'object', properties: { spec: { type: 'object', properties: { max } } } }

const sidecar = { name: 'side', image: `${runtime}:nonroot`, args: idle, securityContext: none }

const withSidecar = (object: object): object =>
  withContainers(object, (containers) => [
    ...containers.map((one) => ({ ...one, env: [...one.env, { name: 'OLD_FLAG', value: 'on' }] })),
    sidecar,
  ])
