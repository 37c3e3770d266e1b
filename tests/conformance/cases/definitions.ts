import type { KubeObject } from '@alt-las/kubernetes'
import { answer, awaited, gone, type Case, type World } from '../world.ts'

const name = 'limits.conformance.example'
const definition = (kind: string): KubeObject =>
  ({
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name },
    spec: {
      group: 'conformance.example',
      scope: 'Namespaced',
      names: { kind, plural: 'limits', singular: kind.toLowerCase() },
      versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: schema } }],
    },
  }) as KubeObject
const max = { type: 'integer', format: 'int64' }
const schema = { type: 'object', properties: { spec: { type: 'object', properties: { max } } } }
const limit = ({ namespace }: World): KubeObject =>
  ({
    apiVersion: 'conformance.example/v1',
    kind: 'Limit',
    metadata: { name: 'one', namespace },
    spec: { max: 9007199254740993n },
  }) as KubeObject
const at = { apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition', name }

interface Condition {
  readonly type: string
  readonly status: string
}

interface Defined extends KubeObject {
  readonly status?: { readonly conditions?: readonly Condition[] }
}

/** What the API server serves once a definition is established, and how it keeps large integers. */
export const definitions: Case = {
  name: 'definitions',
  steps: [
    {
      name: 'a definition is established by itself',
      run: async (world) => {
        await world.cluster.apply(definition('Limit'), 'one')
        return awaited('the definition', world, async () => {
          const found = await world.cluster.get<Defined>(at)
          // The API server says `False` first, while it looks whether the names are free.
          const isEstablished = ({ type, status }: Condition) => type === 'Established' && status === 'True'
          return found?.status?.conditions?.some(isEstablished) === true ? true : null
        })
      },
    },
    {
      name: 'an object of it keeps every digit of an integer',
      run: (world) =>
        awaited('the object', world, async () => {
          const made = await answer(() => world.cluster.apply(limit(world), 'one'))
          return 'failure' in (made as object) ? null : String((made as { spec: { max: bigint } }).spec.max)
        }),
    },
    {
      name: 'a definition that is gone',
      run: async (world) => {
        const { metadata } = limit(world)
        await world.cluster.remove({ ...limit(world), ...metadata }, {})
        await world.cluster.remove(at, {})
        return gone(at, world)
      },
    },
  ],
}
