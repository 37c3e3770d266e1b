import type { Memory } from '@alt-las/telemetry'
import { describe, expect, test } from '@jest/globals'
import { unjudged, type Judgement } from '../model/judgement.ts'
import { plan } from '../testing/facts.ts'
import { memoryVerdict, withMemory } from './memory.ts'

const mebi = 2 ** 20
/** Samples every 10 s over three minutes, in MiB. */
const growing = (from: number, to: number, bend = 1) => [
  {
    pod: 'web-1',
    samples: Array.from({ length: 19 }, (_, i) => ({
      at: i * 10_000,
      value: (from + (to - from) * (i / 18) ** bend) * mebi,
    })),
  },
]
const at = { limit: 256 * mebi, leftMs: 300_000 }
const memory = (canary: Memory['canary'], stable: number | null = 100 * mebi): Memory => ({ canary, stable })

describe('memory of the new version', () => {
  test('that is full before the window is over is a fault, with its figures', () => {
    expect(memoryVerdict(memory(growing(200, 240)), at)).toEqual({
      kind: 'fault',
      because:
        "pod web-1 has 240 MiB of 256 MiB memory and grows by 13 MiB a minute: it is full in 72 s; stable's pods had at most 100 MiB",
    })
  })

  test.each([
    ['far below the limit, it may still warm up', memory(growing(50, 150))],
    ['as high as the old version was', memory(growing(200, 240), 230 * mebi)],
    ['steady', memory(growing(240, 240))],
    ['slower and slower', memory(growing(150, 240, 0.2))],
    ['so slowly that the window is over before', memory(growing(239, 240))],
    ['falling', memory(growing(250, 240))],
    [
      'for too short a time',
      memory([{ pod: 'web-1', samples: growing(200, 240)[0]?.samples.slice(-8) ?? [] }]),
    ],
  ])('is none where it is %s', (_name, seen) => {
    expect(memoryVerdict(seen, at).kind).toBe('calm')
  })

  test.each([
    [memory([]), at, 'there is no series of it'],
    [memory(growing(200, 240), null), at, "there is no series of stable's pods"],
    [memory(growing(200, 240)), { ...at, limit: null }, 'the container has no limit of memory'],
  ])('that cannot be watched is said', (seen, of, because) => {
    expect(memoryVerdict(seen, of)).toEqual({ kind: 'unknown', because })
  })

  test('is looked at twice a minute, and a source that fails is no fault', async () => {
    let asked = 0
    const late = { watch: {}, comparisons: 0 } as unknown as NonNullable<Judgement['late']>
    const look = (judgement: Judgement, now: number) =>
      withMemory(judgement, { plan, now, leftMs: 1 }, () => {
        asked += 1
        return Promise.reject(new Error('down'))
      })
    const first = await look({ ...unjudged, late }, 1000)
    expect(first.late?.memory?.kind).toBe('unknown')
    expect(await look(first, 30_000)).toBe(first)
    await look(first, 31_000)
    expect(asked).toBe(2)
    expect(await look(unjudged, 31_000)).toBe(unjudged)
  })
})
