import { describe, expect, test } from '@jest/globals'
import { fakeProcess } from '@alt-las/testing'
import { buildImage } from '../build-image.ts'
import { pinned, scene } from '../testing/build.ts'
import { findBuilderPlatform, nativeIn } from './builder-platform.ts'

/** As buildx 0.37.2 says it of a remote BuildKit, shortened. */
const remote = (platforms: string) => `Name:          mine
Driver:        remote

Nodes:
Name:             mine0
Endpoint:         unix:///run/buildkitd.sock
Status:           running
Platforms:        ${platforms}
Labels:
 org.mobyproject.buildkit.worker.executor:         oci
`

describe("the builder's own platform", () => {
  test.each<[string, string, string | null]>([
    ['of one node', remote('linux/amd64, linux/amd64/v2, linux/386'), 'linux/amd64'],
    ['in the one spelling', remote('linux/arm64/v8, linux/arm/v7'), 'linux/arm64'],
    ['of nodes that agree', remote('linux/amd64') + remote('linux/amd64, linux/386'), 'linux/amd64'],
    ['not of nodes that differ', remote('linux/amd64') + remote('linux/arm64'), null],
    ['not if another one was set', remote('linux/arm64*, linux/amd64'), null],
    ['not of a node that is down', 'Status: inactive\n', null],
    ['not of other text', remote('::error::x'), null],
  ])('%s', (_, text, expected) => {
    expect(nativeIn(text)).toBe(expected)
  })

  test('is asked of the builder that builds', async () => {
    const process = fakeProcess(() => ({ stdout: remote('linux/amd64') }))
    const buildx = { command: 'docker', prefix: ['buildx'], version: 'v0.37.2' }
    await expect(findBuilderPlatform(buildx, 'mine', process)).resolves.toBe('linux/amd64')
    expect(process.runs[0]?.args).toEqual(['buildx', 'inspect', 'mine'])
    const failing = fakeProcess(() => ({ code: 1 }))
    await expect(findBuilderPlatform(buildx, null, failing)).resolves.toBeNull()
  })
})

describe('a Dockerfile that depends on the platform of the builder', () => {
  const dockerfile = `FROM node:24 AS base-arm64\nFROM ${pinned} AS base-amd64\nFROM base-$BUILDARCH\nHEALTHCHECK CMD ["true"]\n`
  const build = async (inspected: string, text = dockerfile) => {
    const stage = await scene({ dockerfile: text, inspected })
    return { outcome: await buildImage(stage.inputs, stage.ports), stage }
  }

  test.each([
    ['linux/amd64', 'passed', /^built /],
    ['linux/arm64', 'refused', /pinned-base/],
    ['', 'passed', /pinned-base could not be judged at line 3, because BUILDARCH depends on the builder/],
  ])('built on %j is %s', async (platform, kind, because) => {
    const { outcome } = await build(remote(platform))
    expect(outcome).toMatchObject({ kind, because: expect.stringMatching(because) })
  })

  test('is the only one for which the builder is asked', async () => {
    const { stage } = await build('', `FROM ${pinned}\nHEALTHCHECK CMD ["true"]\n`)
    expect(stage.process.runs.some(({ args }) => args.includes('inspect'))).toBe(false)
  })
})
