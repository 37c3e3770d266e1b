import { describe, expect, test } from '@jest/globals'
import { plan } from '../testing/facts.ts'
import { smokePod, unselected } from './smoke-pod.ts'

const service = (selector: Readonly<Record<string, string>>) => ({ spec: { selector } })
const labels = { app: 'web', tier: 'front', zone: 'a' }

describe('the labels of a pod that is only tested', () => {
  test.each([
    ['lack those of the workload’s selector', { app: 'web' }, [], { tier: 'front', zone: 'a' }],
    [
      'lack those of a Service that would take it in',
      {},
      [service({ tier: 'front' })],
      { app: 'web', zone: 'a' },
    ],
    ['keep those that a Service of other pods asks for', {}, [service({ tier: 'back' })], labels],
    ['keep those of a Service that asks for one more', {}, [service({ tier: 'front', x: 'y' })], labels],
    ['keep all where a Service has no selector', {}, [{ spec: {} }, service({})], labels],
  ])('%s', (_name, matchLabels, services, expected) => {
    expect(unselected(labels, { matchLabels }, services)).toEqual(expected)
  })
})

test('a claim of a StatefulSet becomes an empty directory', () => {
  const { desired } = plan
  const spec = { ...desired.spec, volumeClaimTemplates: [{ metadata: { name: 'data' } }] }
  const pod = smokePod({ ...plan, desired: { ...desired, spec } }, 'web-smoke-1', [])
  expect(pod.spec).toMatchObject({
    volumes: [{ name: 'data', emptyDir: {} }],
    restartPolicy: 'Always',
    activeDeadlineSeconds: 3600,
  })
})
