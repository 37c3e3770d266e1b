import { describe, expect, test } from '@jest/globals'
import { scanTrivy } from '../scan-trivy.ts'
import { summarize } from '../summary.ts'
import { scene, type Scene } from '../testing/scan.ts'

const report = (facts: object) => (imageId: string) => {
  const { Metadata: metadata, ...rest } = { Metadata: {}, ...facts }
  return JSON.stringify({ SchemaVersion: 2, Metadata: { ...metadata, ImageID: imageId }, ...rest })
}
const fedora = report({ Metadata: { OS: { Family: 'fedora', Name: '40' } } })
async function run(setting: Scene) {
  const stage = await scene(setting)
  return scanTrivy(stage.inputs, stage.ports)
}

describe('what the vulnerability database does not cover', () => {
  test('refuses, by name and with what to do', async () => {
    const outcome = await run({ report: fedora })
    expect(outcome).toMatchObject({
      kind: 'refused',
      because:
        'fedora 40 is not covered by the vulnerability database (linux/amd64): finding nothing there proves nothing; ' +
        'use what is covered, or accept it by name: accept-uncovered: fedora 40',
      evidence: { uncovered: [{ name: 'fedora 40', platforms: ['linux/amd64'], isAccepted: false }] },
    })
    expect(summarize(outcome).findings).toMatchObject([
      { effect: 'refuses', title: 'not covered: fedora 40' },
    ])
  })

  test('passes once it is accepted by name, and is told all the same', async () => {
    const outcome = await run({ report: fedora, inputs: { 'accept-uncovered': 'conda-pkg, fedora 40' } })
    expect(outcome).toMatchObject({ kind: 'passed', evidence: { uncovered: [{ isAccepted: true }] } })
    expect(outcome.because).toContain('; accepted without being covered: fedora 40')
    expect(summarize(outcome).findings?.map(({ message }) => message)).toEqual([
      'fedora 40 is not covered by the vulnerability database (linux/amd64); it is accepted',
      'accept-uncovered: the entry conda-pkg names nothing here; remove it',
    ])
  })

  test.each<[string, Scene, string]>([
    [
      'a distribution without security fixes',
      { report: report({ Metadata: { OS: { Family: 'debian', Name: '8.11', EOSL: true } } }) },
      'debian 8.11 no longer gets security fixes',
    ],
    [
      'an ecosystem',
      { report: report({ Results: [{ Class: 'lang-pkgs', Type: 'conda-pkg', Packages: [{}] }] }) },
      'conda-pkg is not covered',
    ],
    [
      'a distribution that Trivy does not know',
      { report: report({}), contents: { kind: 'read', distribution: 'arch', ecosystems: [] } },
      'arch is not covered',
    ],
    [
      'an ecosystem that Trivy passes over',
      { report: report({}), contents: { kind: 'read', distribution: null, ecosystems: ['conda-pkg'] } },
      'conda-pkg is not covered',
    ],
    [
      'an image whose layers cannot be read',
      { report: report({}), contents: { kind: 'unreadable', because: 'it is not a tar archive' } },
      'unknown distribution cannot be told: it is not a tar archive',
    ],
  ])('%s refuses', async (_, setting, because) => {
    await expect(run(setting)).resolves.toMatchObject({
      kind: 'refused',
      because: expect.stringContaining(because),
    })
  })

  test.each<[string, Scene]>([
    ['where vulnerabilities are not looked for', { inputs: { scanners: 'secret' } }],
    ['where only packages of programs are', { inputs: { 'vuln-type': 'library' } }],
  ])('does not matter %s', async (_, setting) => {
    await expect(run({ report: fedora, ...setting })).resolves.toMatchObject({ kind: 'passed' })
  })

  test.each<[string, Scene]>([
    [
      'a distribution that Trivy knows',
      { contents: { kind: 'read', distribution: 'debian 12.5', ecosystems: [] } },
    ],
    [
      'layers that only Trivy can read',
      { contents: { kind: 'unreadable', because: 'it is not a tar archive' } },
    ],
  ])('%s is covered', async (_, setting) => {
    const debian = report({ Metadata: { OS: { Family: 'debian', Name: '12.5' } } })
    await expect(run({ report: debian, ...setting })).resolves.toMatchObject({ kind: 'passed' })
  })
})
