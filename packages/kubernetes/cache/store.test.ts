import { describe, expect, test } from '@jest/globals'
import { createStore, isNewer } from './store.ts'
import type { KubeObject } from '../types/objects.ts'
import { covers } from './coverage.ts'
import { isSelected } from './label-selector.ts'

const at = { apiVersion: 'v1', kind: 'Pod', namespace: 'ns', labelSelector: 'app=a' }
const pod = (version: string, uid = 'u', app = 'a'): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'p', namespace: 'ns', uid, resourceVersion: version, labels: { app } },
})
const versions = (store: ReturnType<typeof createStore>) =>
  store.list(at).map(({ metadata }) => `${metadata.uid ?? ''} ${metadata.resourceVersion ?? ''}`)

describe('a store', () => {
  test('keeps the newest version, from any source', () => {
    const store = createStore(at)
    store.observe({ type: 'added', object: pod('9') })
    store.put(pod('12'))
    expect(store.observe({ type: 'modified', object: pod('10') })).toBe(false)
    expect(store.observe({ type: 'modified', object: pod('12') })).toBe(false)
    expect(versions(store)).toEqual(['u 12'])
    expect(store.observe({ type: 'modified', object: pod('13') })).toBe(true)
  })

  test('an own write that takes the object out of the selector takes it out of the store, and back', () => {
    const store = createStore(at)
    store.observe({ type: 'added', object: pod('1') })
    store.put(pod('2', 'u', 'b'))
    expect(versions(store)).toEqual([])
    expect(store.observe({ type: 'deleted', object: pod('2') })).toBe(false)
    store.observe({ type: 'added', object: pod('3') })
    expect(versions(store)).toEqual(['u 3'])
  })

  test('a deletion does not take what was written after it', () => {
    const store = createStore(at)
    store.observe({ type: 'added', object: pod('1') })
    store.put(pod('5', 'new'))
    expect(store.observe({ type: 'deleted', object: pod('4') })).toBe(false)
    expect(versions(store)).toEqual(['new 5'])
  })

  test('what the server no longer has stays away, however late its watch event arrives', () => {
    const store = createStore(at)
    store.observe({ type: 'added', object: pod('1') })
    store.missing(pod('1'))
    store.observe({ type: 'modified', object: pod('2') })
    expect(versions(store)).toEqual([])
    store.missing(pod('2'))
    store.observe({ type: 'added', object: pod('4', 'new') })
    expect(versions(store)).toEqual(['new 4'])
  })

  test.each([
    ['10', '9', true],
    ['9', '10', false],
    ['9', '9', false],
    ['18446744073709551616', '18446744073709551615', true],
  ])('version %s is newer than %s: %s', (version, than, expected) => {
    expect(isNewer(version, than)).toBe(expected)
  })
})

describe('covers', () => {
  const pods = { apiVersion: 'v1', kind: 'Pod', namespace: 'ns' }
  test.each([
    ['the same place', pods, pods, true],
    ['one object of it', pods, { ...pods, name: 'p' }, true],
    ['a part of it', pods, { ...pods, labelSelector: 'a=b' }, true],
    ['a narrower part', { ...pods, labelSelector: 'a=b' }, { ...pods, labelSelector: 'c, a == b' }, true],
    [
      'the same set',
      { ...pods, labelSelector: 'a in (y,x)' },
      { ...pods, labelSelector: 'a in (x, y)' },
      true,
    ],
    ['one object that may not be selected', { ...pods, labelSelector: 'a=b' }, { ...pods, name: 'p' }, false],
    ['more than one object', { ...pods, name: 'p' }, pods, false],
    ['every namespace', pods, { apiVersion: 'v1', kind: 'Pod' }, false],
    ['a namespace of all', { apiVersion: 'v1', kind: 'Pod' }, pods, true],
    ['another kind', pods, { ...pods, kind: 'Event' }, false],
    ['what only the server can select', pods, { ...pods, fieldSelector: 'status.phase=Running' }, false],
  ])('%s', (_, watched, asked, expected) => {
    expect(covers(watched, asked)).toBe(expected)
  })
})

describe('a label selector', () => {
  test.each([
    ['app=a', true],
    ['app==a,tier!=x', true],
    ['app in (b, a)', true],
    ['app notin (a)', false],
    ['tier notin (a)', true],
    ['app', true],
    ['!app', false],
    ['tier', false],
    ['', true],
  ])('%s: %s', (selector, expected) => {
    expect(isSelected(pod('1'), selector)).toBe(expected)
  })
})
