import { expect, test } from '@jest/globals'
import { chmodSync, mkdtempSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makeDisk } from './storage.ts'

const modeOf = (folder: string): number => statSync(folder).mode & 0o7777

test('a disk can be written by every pod, and one that is in use keeps what the kubelet has set', () => {
  const folder = join(mkdtempSync(join(tmpdir(), 'disks-')), '0')
  makeDisk(folder)
  expect(modeOf(folder)).toBe(0o777)
  chmodSync(folder, 0o2777)
  makeDisk(folder)
  expect(modeOf(folder)).toBe(0o2777)
})
