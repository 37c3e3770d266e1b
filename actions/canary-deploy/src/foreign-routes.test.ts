import type { KubeObject } from '@alt-las/kubernetes'
import { describe, expect, test } from '@jest/globals'
import { v2 } from '../../../packages/rollout/testing/manifests.ts'
import type { Ports } from './ports.ts'
import { type Scenario, scenario } from './testing/scenario.ts'

const put = (here: Scenario, ...objects: readonly object[]) => {
  for (const one of objects) here.cluster.put(one as KubeObject)
}
const grant = {
  apiVersion: 'gateway.networking.k8s.io/v1beta1',
  kind: 'ReferenceGrant',
  metadata: { name: 'edge', namespace: 'shop' },
  spec: {
    from: [{ group: 'gateway.networking.k8s.io', kind: 'HTTPRoute', namespace: 'edge' }],
    to: [{ group: '', kind: 'Service', name: 'web' }],
  },
}
const route = {
  apiVersion: 'gateway.networking.k8s.io/v1',
  kind: 'HTTPRoute',
  metadata: { name: 'front', namespace: 'edge' },
  spec: {
    parentRefs: [{ name: 'edge' }],
    rules: [{ backendRefs: [{ name: 'web', namespace: 'shop', port: 80 }] }],
  },
}

/** Four times as much comes by the other route, all of it to stable. */
const besides = ({ next, history }: Ports['scrapes']): Ports['scrapes'] => ({
  history,
  next: async (...asked) => {
    const reading = await next(...asked)
    if (reading.kind !== 'block') return reading
    const { stable } = reading.block
    return {
      kind: 'block',
      block: { ...reading.block, stable: { ...stable, requests: stable.requests + 2000 } },
    }
  },
})

describe('traffic by a route of another namespace', () => {
  const said = 'requests to the Service web by HTTPRoute edge/front are not split: all of them stay on stable'

  test('is called that, and an equal version is promoted beside it', async () => {
    const here = scenario()
    await here.run({})
    put(here, grant, route)
    const outcome = await here.run({ image: v2, release: 'r2' }, {}, { scrapes: besides(here.ports.scrapes) })
    expect(here.log.lines.join('\n')).toContain(said)
    expect(outcome.because).toContain('has all traffic')
    const forecast = await here.run({ image: v2, release: 'r3', dryRun: true })
    expect(forecast.forecasts?.[0]?.problems).toEqual([])
    expect(forecast.forecasts?.[0]?.traffic).toContainEqual(['not split', expect.stringContaining(said)])
  })

  test('is a fault of the data plane where no such route is', async () => {
    const here = scenario()
    await here.run({})
    put(here, route)
    const outcome = await here.run({ image: v2, release: 'r2' }, {}, { scrapes: besides(here.ports.scrapes) })
    expect(outcome.targets[0]?.verdict).toBe('rolled-back')
    expect(here.log.lines.join('\n')).not.toContain(said)
  })
})
