import { existsSync, readFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { crashing, failingGateway, healthy, vulnerable, type Change } from './releases.ts'

const root = join(import.meta.dirname, '../..')

// They edit the services' text: a service that was rewritten must not leave a release without its fault.
test.each<[string, Change, RegExp]>([
  ['healthy', healthy, /a healthy release/],
  ['failingGateway', failingGateway, /faulty\(gateway\(/],
  ['vulnerable', vulnerable, /"minimist": "1\.2\.5"/],
  ['crashing', crashing, /process\.exit\(3\)/],
])('the release %s changes the services of this tree', (_, change, trace) => {
  const changed = new Map<string, string>()
  change((path, how) => {
    const file = join(root, path)
    const before = existsSync(file) ? readFileSync(file, 'utf8') : ''
    const after = how(before)
    expect(after).not.toBe(before)
    if (path.endsWith('.ts')) expect(() => stripTypeScriptTypes(after)).not.toThrow()
    changed.set(path, after)
  })
  expect([...changed.values()].join('\n')).toMatch(trace)
})
