import { expect, test } from '@jest/globals'
import { parse } from '../inputs.ts'
import { releaseFor } from './releases.ts'
import { readerFor } from '@alt-las/testing'

test('the version of action.yml has a checksum for the runners of GitHub', () => {
  const { version } = parse(readerFor(new URL('../../action.yml', import.meta.url), { input: 'x' }))
  for (const architecture of ['x64', 'arm64']) {
    const release = releaseFor(version, 'linux', architecture)
    expect(release.sha256).toMatch(/^[0-9a-f]{64}$/)
    expect(release.url).toMatch(`/v${version}/trivy_${version}_Linux-`)
  }
})

test.each<[string, string, string]>([
  ['0.1.0', 'linux', 'x64'],
  ['0.74.0', 'win32', 'x64'],
])('trivy %s for %s %s has none and is not fetched', (version, platform, architecture) => {
  expect(() => releaseFor(version, platform, architecture)).toThrow('is unknown')
})
