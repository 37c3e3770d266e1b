import { describe, expect, test } from '@jest/globals'
import { digestOf } from '@alt-las/registry'
import { outcomeDocument } from '@alt-las/testing'
import { judgeScan } from './approval.ts'

const digest = digestOf('this')
const report = (overrides: object = {}) =>
  JSON.stringify({
    ...outcomeDocument('scan-trivy', { because: '0 critical, 0 high', subject: { service: 'web', digest } }),
    ...overrides,
  })
const judge = (text: string) => judgeScan(text, 'outcome.json', digest)

describe('judgeScan', () => {
  test('a scan that passed this digest approves', () => {
    expect(judge(report())).toMatchObject({ kind: 'approved', because: '0 critical, 0 high' })
  })

  test.each([
    ['refused', { outcome: 'refused', because: '2 critical' }, `the scan refused ${digest}: 2 critical`],
    ['failed', { outcome: 'failed', because: 'no database' }, `the scan of ${digest} failed: no database`],
    [
      'failed before it saw an image',
      { outcome: 'failed', because: 'no database', subject: { service: 'web' } },
      'the scan failed: no database',
    ],
    [
      'of another digest',
      { subject: { service: 'web', digest: digestOf('other') } },
      `is about ${digestOf('other')}`,
    ],
    ['without a digest', { subject: { service: 'web', image: 'x' } }, 'is about no digest'],
  ])('a report that is %s denies', (_, overrides, because) => {
    const approval = judge(report(overrides))
    expect(approval.kind).toBe('denied')
    expect(approval.because).toContain(because)
  })

  test.each([
    [
      'of another action',
      JSON.stringify(outcomeDocument('verify')),
      'was written by verify, expected scan-trivy',
    ],
    ['of another schema', report({ schema: 'v9' }), 'schema is "v9"'],
    ['with another outcome', report({ outcome: 'ok' }), '"outcome" is not'],
    ['cut off', report().slice(0, 40), 'it is not JSON'],
    ['empty', '', 'it is not JSON'],
  ])('a report that is %s is an input error', (_, text, message) => {
    expect(() => judge(text)).toThrow(message)
  })
})
