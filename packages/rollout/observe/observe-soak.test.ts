import { Failure } from '@alt-las/failure'
import type { Cluster, Pod } from '@alt-las/kubernetes'
import { describe, expect, test } from '@jest/globals'
import { plan } from '../testing/facts.ts'
import { observeSoak } from './observe-soak.ts'

const pod = (name: string, track: string | null, restarts = 0): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'shop', labels: track === null ? {} : { 'alt-las.dev/track': track } },
  spec: { containers: [] },
  status: {
    phase: 'Running',
    conditions: [{ type: 'Ready', status: 'True' }],
    containerStatuses: [{ name: 'web', ready: true, restartCount: restarts, image: '', imageID: '' }],
  },
})

/** A cluster with one pod of each version; null = its log cannot be read. */
function world({ restarts = 0, ours = 'started', theirs = 'started' }: Partial<World> = {}) {
  let reads = 0
  const cluster = {
    list: () => Promise.resolve([pod('web-canary', 'canary', restarts), pod('web', null)]),
    log: ({ name }: { readonly name: string }) => {
      reads += 1
      const text = name === 'web-canary' ? ours : theirs
      return text === null
        ? Promise.reject(new Failure('forbidden', 'no', { fault: 'outside' }))
        : Promise.resolve(text)
    },
  } as unknown as Cluster
  return { cluster, reads: () => reads }
}

interface World {
  readonly restarts: number
  readonly ours: string | null
  readonly theirs: string | null
}

const now = 100_000
const before = { at: 0, pods: 1, restarts: { first: 0, now: 0 }, lines: 1, trouble: null }
const look = (of: Partial<World>) => observeSoak({ plan, last: before, now }, world(of).cluster)

describe('a look at the pods of a version that is not judged by traffic', () => {
  test('healthy: what was looked at', async () => {
    const ours = 'started\nlistening'
    expect(await look({ ours })).toEqual({ ...before, at: now, lines: 2 })
  })

  test('a restart since the first look is a trouble; one before it is none', async () => {
    expect((await look({ restarts: 1 }))?.trouble).toBe('containers of the new version restarted once')
    const first = await observeSoak({ plan, last: undefined, now }, world({ restarts: 2 }).cluster)
    expect(first).toMatchObject({ restarts: { first: 2, now: 2 }, trouble: null })
  })

  test('an error that the old version does not log is a trouble', async () => {
    const ours = 'started\nERROR the queue refuses job 17'
    expect((await look({ ours }))?.trouble).toContain('ERROR the queue refuses job 17')
    expect((await look({ ours, theirs: 'ERROR the queue refuses job 3' }))?.trouble).toBeNull()
  })

  test('a credential in the line is taken out', async () => {
    const ours = 'ERROR token ghp_0123456789abcdefghijklmnopqrstuvwxyzAB was refused'
    expect((await look({ ours }))?.trouble).not.toContain('ghp_0123456789')
  })

  test('a log that cannot be read is no health: the last look stays, and grows old', async () => {
    expect(await look({ ours: null })).toBe(before)
    expect(await observeSoak({ plan, last: undefined, now }, world({ ours: null }).cluster)).toBeUndefined()
  })

  test('looks are ten seconds apart', async () => {
    const { cluster, reads } = world()
    await observeSoak({ plan, last: { ...before, at: now - 9000 }, now }, cluster)
    expect(reads()).toBe(0)
  })
})
