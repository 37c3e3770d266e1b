import type { ConfigMap } from '@alt-las/kubernetes'
import { fakeClock } from '@alt-las/testing'
import { fakeCluster } from '@alt-las/simulated-cluster'
import { describe, expect, test } from '@jest/globals'
import { rollout } from '../testing/facts.ts'
import { journal, readState, stateAt } from './journal.ts'
import { hold, leaseMs } from './lease.ts'
import { stateKey } from './signature.ts'

const key = stateKey(new Uint8Array(32))
const web = { namespace: 'shop', deployment: 'web' }

function setup() {
  const clock = fakeClock()
  const cluster = fakeCluster()
  const begin = async (holder: string) => {
    const holding = await hold({ ...web, holder }, { cluster, clock, log: () => undefined })
    return { holding, book: journal(web, { holding, key }, cluster) }
  }
  const saved = () => readState(cluster.peek<ConfigMap>(stateAt('shop', 'web')), key)?.because ?? null
  return { clock, cluster, begin, saved }
}

describe('the state of a run that slept through its time', () => {
  test('is not read where another run has come and gone: what it would find is not its own', async () => {
    const { clock, begin, saved } = setup()
    const sleeper = await begin('a')
    clock.advance(2 * leaseMs)
    const other = await begin('b')
    await other.book.save({ ...rollout, because: 'b was here' })
    await other.holding.release()
    await expect(sleeper.book.find()).rejects.toMatchObject({ code: 'lease-lost' })
    expect(saved()).toBe('b was here')
  })

  test('is not written where another run has taken over, though it has not written yet', async () => {
    const { clock, begin, saved } = setup()
    const sleeper = await begin('a')
    await sleeper.book.save({ ...rollout, because: 'a begins' })
    clock.advance(2 * leaseMs)
    await begin('b')
    const late = sleeper.book.save({ ...rollout, because: 'a wakes' })
    await expect(late).rejects.toMatchObject({ code: 'lease-lost' })
    expect(saved()).toBe('a begins')
  })

  test('is written once the lease is renewed, if no other run took over', async () => {
    const { clock, begin, saved } = setup()
    const { book, holding } = await begin('a')
    expect(await book.find()).toBeNull()
    clock.advance(2 * leaseMs)
    await book.save({ ...rollout, because: 'a goes on' })
    expect(saved()).toBe('a goes on')
    expect(holding.leftMs()).toBeGreaterThan(0)
  })
})

describe('the phase as a label', () => {
  test('is that of the saved rollout, and lost labels come back with it', async () => {
    const { cluster, begin } = setup()
    const { book } = await begin('a')
    await book.save({ ...rollout, phase: { kind: 'paused', at: 1 } })
    const at = stateAt('shop', 'web')
    expect(cluster.peek<ConfigMap>(at)?.metadata.labels).toEqual({
      'app.kubernetes.io/managed-by': 'alt-las-delivery',
      'alt-las.dev/rollout': 'web',
      'alt-las.dev/phase': 'paused-at-step-2',
    })
    const found = await cluster.patch<ConfigMap>(at, [{ op: 'remove', path: '/metadata/labels' }])
    expect(found.metadata.labels).toBeUndefined()
    await book.find()
    await book.save({ ...rollout, phase: { kind: 'done', verdict: 'rolled-back' } })
    expect(cluster.peek<ConfigMap>(at)?.metadata.labels).toMatchObject({
      'alt-las.dev/rollout': 'web',
      'alt-las.dev/phase': 'rolled-back',
    })
  })
})
