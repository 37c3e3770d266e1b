import { describe, expect, test } from '@jest/globals'
import type { Backend } from '../presets/preset.ts'
import type { Series } from '../series/series.ts'
import { memoryOf } from './memory.ts'

const backend = (role: Backend['role'], pod: string, ip: string): Backend => ({
  role,
  namespace: 'shop',
  service: 'web',
  ports: ['80'],
  deployment: 'web',
  pods: [{ name: pod, ip }],
})
const versions = {
  canary: backend('canary', 'new-1', '10.0.0.2'),
  stable: backend('stable', 'old-1', '10.0.0.1'),
}

/** Answers by the beginning of the query. */
function source(answers: Readonly<Record<string, readonly Partial<Series>[]>>) {
  const asked: string[] = []
  return {
    asked,
    startedAt: () => Promise.resolve(null),
    query: (promql: string) => {
      asked.push(promql)
      const found = Object.entries(answers).find(([start]) => promql.startsWith(start))?.[1] ?? []
      return Promise.resolve(found.map((one) => ({ labels: {}, samples: [], histograms: [], ...one })))
    },
  }
}

describe('memory of the pods', () => {
  test("is what the kubelet counts of the container, beside the old version's highest in half an hour", async () => {
    const samples = [{ at: 1000, value: 5 }]
    const prometheus = source({
      'container_memory_working_set_bytes{pod=~"new-1"': [{ labels: { pod: 'new-1' }, samples }],
      'max_over_time(container_memory_working_set_bytes{pod=~"old-1"': [
        { samples: [{ at: 1000, value: 3 }] },
      ],
    })
    expect(await memoryOf(versions, 'web', prometheus)).toEqual({
      canary: [{ pod: 'new-1', samples }],
      stable: 3,
    })
    expect(prometheus.asked[0]).toContain('container="web"')
    expect(prometheus.asked[0]).toMatch(/\[180s\]$/)
    expect(prometheus.asked.at(-1)).toMatch(/\[1800s\]\)$/)
  })

  test('or what the process says of itself, found by its address', async () => {
    const samples = [{ at: 1000, value: 5 }]
    const prometheus = source({
      'process_resident_memory_bytes{pod="",instance': [{ labels: { instance: '10.0.0.2:8080' }, samples }],
    })
    expect(await memoryOf(versions, 'web', prometheus)).toEqual({
      canary: [{ pod: 'new-1', samples }],
      stable: null,
    })
  })

  test('is empty where nothing has such a series', async () => {
    expect(await memoryOf(versions, 'web', source({}))).toEqual({ canary: [], stable: null })
  })
})
