import { describe, expect, test } from '@jest/globals'
import { fakeClock, silentLog } from '@alt-las/testing'
import { releaseReport } from './release-report.ts'
import { built, deployed, digestA, file, verification, type FoundFile } from './testing/documents.ts'
import { checkout } from './testing/checkout.ts'

async function reporting(files: readonly FoundFile[]) {
  const inputs = { service: null, outcomes: ['outcomes/*/*.json'], release: 'v1.2.0', services: [] }
  return {
    outcome: await releaseReport(inputs, { files: checkout(files), clock: fakeClock(), log: silentLog() }),
  }
}

describe('the report of a release', () => {
  test('does not take tags that were moved later for the push', async () => {
    const written = file('web', 'push-image', {
      minute: 9,
      because: 'latest moved',
      evidence: { operation: 'tag', digest: digestA },
    })
    const tags = { ...written, path: 'outcomes/web/push-image-tag.json' }
    const { outcome } = await reporting([...built('web'), deployed('web'), verification, tags])
    const push = outcome.services[0]?.steps.find(({ step }) => step === 'push')
    expect(push?.because).not.toBe('latest moved')
    expect(outcome.kind).toBe('passed')
  })

  test('says that tags were not moved, and not that nothing was pushed', async () => {
    const written = file('web', 'push-image', {
      minute: 9,
      outcome: 'failed',
      because: 'the registry is busy',
      evidence: { operation: 'tag' },
    })
    const tags = { ...written, path: 'outcomes/web/push-image-tag.json' }
    const { outcome } = await reporting([...built('web'), deployed('web'), verification, tags])
    expect(outcome.because).toContain('the tags of web could not be moved, because the registry is busy')
  })
})
