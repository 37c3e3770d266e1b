import { describe, expect, test } from '@jest/globals'
import { startDraft } from '../index.ts'

describe('a draft', () => {
  test('keeps what was told, the later value of a field', () => {
    const { draft, known } = startDraft<{ layers: number; digest: string }>(() => 0)
    draft.about({ image: 'web' })
    draft.about({ digest: 'sha256:1' })
    draft.record({ layers: 1 })
    draft.record({ layers: 2, digest: 'sha256:1' })
    draft.output({ junit: '/tmp/junit.xml' })
    expect(known()).toEqual({
      subject: { image: 'web', digest: 'sha256:1' },
      evidence: { layers: 2, digest: 'sha256:1' },
      outputs: { junit: '/tmp/junit.xml' },
      results: { blocks: [] },
      timings: [],
    })
  })

  test('publishes each output as it comes', () => {
    const told: string[] = []
    const { draft } = startDraft(
      () => 0,
      (name, value) => told.push(`${name}=${value}`),
    )
    draft.output({ cause: 'service' })
    draft.output({ cause: '' })
    expect(told).toEqual(['cause=service', 'cause='])
  })

  test('work that fails has a timing too', async () => {
    let now = 100
    const { draft, known } = startDraft(() => now)
    const work = draft.timed('build', () => {
      now = 350
      return Promise.reject(new Error('boom'))
    })
    await expect(work).rejects.toThrow('boom')
    expect(known().timings).toEqual([{ name: 'build', startedAtMs: 100, finishedAtMs: 350 }])
  })
})
