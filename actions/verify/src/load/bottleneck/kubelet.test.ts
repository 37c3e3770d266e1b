import { expect, test } from '@jest/globals'
import { Failure } from '@alt-las/failure'
import { parseExposition } from '@alt-las/telemetry'
import { between, readNodes } from './kubelet.ts'

const cadvisor = (seconds: number, { pod, stopped, at }: { pod: number; stopped: number; at: number }) =>
  parseExposition(`
machine_cpu_cores{} 2
container_cpu_usage_seconds_total{cpu="total",id="/"} ${seconds} ${at}
container_cpu_usage_seconds_total{container="",cpu="total",id="/p/web",namespace="shop",pod="web-1"} ${pod} ${at}
container_cpu_usage_seconds_total{container="web",cpu="total",id="/p/web/c",namespace="shop",pod="web-1"} ${pod / 2} ${at}
container_cpu_cfs_periods_total{container="",id="/p/web",namespace="shop",pod="web-1"} ${at / 100} ${at}
container_cpu_cfs_throttled_periods_total{container="",id="/p/web",namespace="shop",pod="web-1"} ${stopped} ${at}
container_cpu_usage_seconds_total{container="",cpu="total",id="/p/x",namespace="other",pod="x-1"} ${pod} ${at}
`)

test('two readings give the CPU of each pod, its throttling, and the node', () => {
  const first = [{ name: 'n1', samples: cadvisor(100, { pod: 10, stopped: 5, at: 1_000_000 }) }]
  const last = [{ name: 'n1', samples: cadvisor(119, { pod: 12, stopped: 55, at: 1_010_000 }) }]
  const { pods, nodes } = between(first, last, 'shop')
  expect([...pods]).toEqual([['web-1', { cores: 0.2, throttled: 0.5 }]])
  expect(nodes).toEqual([{ name: 'n1', cores: 1.9, capacity: 2 }])
})

test('a reading that the kubelet has not renewed says nothing', () => {
  const same = [{ name: 'n1', samples: cadvisor(100, { pod: 10, stopped: 5, at: 1_000_000 }) }]
  expect(between(same, same, 'shop')).toEqual({ pods: new Map(), nodes: [] })
})

test('a node that may not be read is named', async () => {
  const proxy = {
    get: (node: string) =>
      node === 'n1'
        ? Promise.resolve('machine_cpu_cores 2')
        : Promise.reject(new Failure('forbidden', 'it is forbidden', { fault: 'outside' })),
  }
  const { nodes, missing } = await readNodes(['n1', 'n2'], proxy)
  expect(nodes).toMatchObject([{ name: 'n1' }])
  expect(missing).toEqual(['throttling and CPU of the pods on node n2 (it is forbidden)'])
})
