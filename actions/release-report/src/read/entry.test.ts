import { expect, test } from '@jest/globals'
import { checkout } from '../testing/checkout.ts'
import { built } from '../testing/documents.ts'
import { readEntries } from './entry.ts'

test('a file that cannot be read is one row, and hides no other', async () => {
  const files = checkout(built('web'), ['outcomes/huge/verify.json'])
  const { entries, unreadable } = await readEntries(await files.find(), files)
  expect(entries.map(({ service, document }) => [service, document.action])).toEqual([
    ['web', 'build-image'],
    ['web', 'scan-trivy'],
    ['web', 'push-image'],
  ])
  expect(unreadable).toEqual([
    { path: 'outcomes/huge/verify.json', because: 'cannot read outcomes/huge/verify.json' },
  ])
})
