import type { Lease } from '@alt-las/kubernetes'
import { fakeClock } from '@alt-las/testing'
import { fakeCluster } from '@alt-las/simulated-cluster'
import { describe, expect, test } from '@jest/globals'
import { hold, leaseMs } from './lease.ts'

const at = {
  apiVersion: 'coordination.k8s.io/v1',
  kind: 'Lease',
  namespace: 'shop',
  name: 'alt-las-rollout-web',
}
const target = (holder: string) => ({ namespace: 'shop', deployment: 'web', holder })

function setup() {
  const clock = fakeClock()
  const cluster = fakeCluster()
  const lines: string[] = []
  const ports = { cluster, clock, log: (line: string) => void lines.push(line) }
  const holder = () => cluster.peek<Lease>(at)?.spec?.holderIdentity
  return { clock, cluster, lines, ports, holder }
}

describe('the lease', () => {
  test('is taken at once if it is free, and released', async () => {
    const { clock, ports, holder } = setup()
    const holding = await hold(target('a'), ports)
    expect(holder()).toBe('a')
    expect(clock.slept).toEqual([])
    await holding.release()
    expect(holder()).toBe('')
  })

  test('of a dead runner is taken over after its duration by our own clock, whatever the time in it says', async () => {
    const { clock, cluster, ports, holder } = setup()
    await hold(target('a'), ports)
    const lease = cluster.peek<Lease>(at)
    cluster.put({ ...lease, spec: { ...lease?.spec, renewTime: '2099-01-01T00:00:00.000000Z' } } as Lease)
    await hold(target('b'), ports)
    expect(holder()).toBe('b')
    expect(clock.elapsed()).toBeGreaterThanOrEqual(leaseMs)
  })

  test('of a living runner is left to it', async () => {
    const { clock, ports, holder } = setup()
    const first = await hold(target('a'), ports)
    const second = hold(target('b'), {
      ...ports,
      clock: {
        ...clock,
        sleep: async (ms) => {
          clock.advance(ms)
          await first.keep()
        },
      },
    })
    await expect(second).rejects.toThrow('another run is acting on this target: a')
    expect(holder()).toBe('a')
  })

  test('that another has taken stops the old runner', async () => {
    const { clock, ports } = setup()
    const first = await hold(target('a'), ports)
    await hold(target('b'), ports)
    clock.advance(60_000)
    await expect(first.keep()).rejects.toThrow('the target is now held by b: this run stops writing')
    await first.release()
    await expect(hold(target('b'), ports)).resolves.toBeDefined()
  })

  test('whose renewal was committed but not answered is still ours', async () => {
    const { clock, cluster, ports, holder } = setup()
    const holding = await hold(target('a'), ports)
    const lease = cluster.peek<Lease>(at)
    cluster.put({ ...lease, metadata: { ...lease?.metadata, labels: { touched: 'yes' } } } as Lease)
    clock.advance(60_000)
    await holding.keep()
    expect(holder()).toBe('a')
  })
})
