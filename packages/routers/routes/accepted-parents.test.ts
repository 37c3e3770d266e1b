import type { HTTPRoute, ParentRef } from '@alt-las/kubernetes'
import { expect, test } from '@jest/globals'
import { httpRoutes } from './gateway-api.ts'

const conditions = (observedGeneration: number, status: 'True' | 'False' = 'True') =>
  ['Accepted', 'ResolvedRefs'].map((type) => ({ type, status, observedGeneration }))
const said = (parentRef: ParentRef, generation: number, status?: 'True' | 'False') => ({
  parentRef,
  controllerName: 'example.com/controller',
  conditions: conditions(generation, status),
})

function route(parents: NonNullable<HTTPRoute['status']>['parents'], refs: readonly ParentRef[]): HTTPRoute {
  return {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'HTTPRoute',
    metadata: { name: 'web', namespace: 'shop', generation: 2 },
    spec: { parentRefs: refs },
    ...(parents === undefined ? {} : { status: { parents } }),
  }
}

const atlas = { name: 'atlas' }
const written = {
  group: 'gateway.networking.k8s.io',
  kind: 'Gateway',
  name: 'atlas',
  namespace: 'shop',
}
const waiting = 'HTTPRoute web: no gateway has accepted it yet'

test.each([
  ['nobody has said anything', [], [atlas], waiting],
  ['its parent accepts', [said(atlas, 2)], [atlas], null],
  ['with the defaults written out', [said(written, 2)], [atlas], null],
  [
    'a parent that it does not name says no',
    [said(atlas, 2), said({ name: 'old' }, 1, 'False')],
    [atlas],
    null,
  ],
  ['only one that it does not name says yes', [said({ name: 'old' }, 2)], [atlas], waiting],
  [
    'a controller that has gone left another status',
    [said(atlas, 1, 'False'), said(atlas, 2)],
    [atlas],
    null,
  ],
  [
    'one of two sections is missing',
    [said({ name: 'atlas', sectionName: 'a' }, 2)],
    [
      { name: 'atlas', sectionName: 'a' },
      { name: 'atlas', sectionName: 'b' },
    ],
    waiting,
  ],
  [
    'its parent refuses',
    [said(atlas, 2, 'False')],
    [atlas],
    'HTTPRoute web is not Accepted: no reason given',
  ],
  [
    'an older state',
    [said(atlas, 1)],
    [atlas],
    'HTTPRoute web: the gateway has not observed its newest generation yet',
  ],
] as const)('a route counts by the parents that it names: %s', (_name, parents, refs, expected) => {
  expect(httpRoutes.notAccepted(route(parents, refs))).toBe(expected)
})
