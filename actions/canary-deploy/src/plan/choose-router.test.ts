import { describe, expect, test } from '@jest/globals'
import { fakeCluster } from '@alt-las/simulated-cluster'
import { chooseRouter } from './choose-router.ts'

describe('the router is looked for', () => {
  test('only where it was not given, and only for a canary', async () => {
    const asked = {
      strategy: 'canary',
      router: 'replicas',
      namespace: 'shop',
      deployment: 'web',
      service: null,
      secondService: 'web-canary',
      route: null,
    } as const
    const choose = (more = {}) => chooseRouter({ ...asked, ...more }, [], fakeCluster())
    expect((await choose()).kind).toBe('replicas')
    expect((await choose({ strategy: 'blue-green' })).kind).toBe('service')
    expect((await choose({ strategy: 'rolling' })).kind).toBe('none')
    await expect(choose({ router: 'auto' })).rejects.toMatchObject({ code: 'no-router' })
  })
})
