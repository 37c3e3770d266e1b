import { createReadStream } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { afterEach, describe, expect, test } from '@jest/globals'
import { blobPath, openRepository, readLayout, systemHttp } from '@alt-las/registry'
import {
  fakeClock,
  startRegistry,
  writeLayout,
  type LayoutSpec,
  type WireRegistryOptions,
} from '@alt-las/testing'
import { buildImage } from '../build-image.ts'
import { releaseTags } from './reuse.ts'
import { goodConfig, scene } from '../testing/build.ts'

const cleanup: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of cleanup.splice(0)) await close()
})

/** A registry that holds `spec` under `tag`, and a run of the action against it. */
async function released(
  tag: string,
  spec: LayoutSpec,
  wire: WireRegistryOptions = {},
  inputs: Readonly<Record<string, string>> = {},
) {
  const registry = await startRegistry(wire)
  cleanup.push(registry.close)
  const at = { registry: registry.host, repository: 'alt-las/x' }
  const open = () =>
    openRepository(
      { at, access: 'push', credentials: null, attempts: 1 },
      { http: systemHttp({}), clock: fakeClock() },
    )
  const layout = await readLayout((await writeLayout(spec)).path)
  for (const { digest, size } of layout.blobs)
    await open().putBlob(digest, { size, open: () => createReadStream(blobPath(layout.path, digest)) })
  for (const manifest of layout.manifests) await open().putManifest(manifest.descriptor.digest, manifest)
  const top = layout.manifests.at(-1)
  if (top !== undefined) await open().putManifest(tag, top)
  const stage = await scene({ releases: open(), inputs })
  const outcome = await buildImage(stage.inputs, stage.ports)
  return {
    outcome,
    log: stage.log,
    built: stage.process.runs.some(({ args }) => args.includes('build')),
    digest: layout.top.digest,
  }
}
const of = (revision: string) => ({
  config: goodConfig,
  labels: { 'org.opencontainers.image.revision': revision },
})

describe('reuse', () => {
  test.each(['1.2.3', 'v1.2.3'])(
    'the image of this commit under %s becomes the layout, and nothing is built',
    async (tag) => {
      const { outcome, built, digest } = await released(tag, of('c0ffee'), {}, { practice: 'off' })
      expect(built).toBe(false)
      expect(outcome).toMatchObject({ kind: 'passed', built: { digest, reusedFrom: tag } })
      expect(outcome.because).toContain(`was already released as ${tag}`)
      await expect(readLayout(outcome.built?.layoutPath ?? '')).resolves.toMatchObject({ top: { digest } })
    },
  )

  test('an index of several platforms comes whole', async () => {
    const platforms = [
      { os: 'linux', architecture: 'amd64' },
      { os: 'linux', architecture: 'arm64' },
    ]
    const { outcome, digest } = await released('1.2.3', { ...of('c0ffee'), platforms })
    expect(outcome.built).toMatchObject({
      digest,
      platforms: [{ platform: 'linux/amd64' }, { platform: 'linux/arm64' }],
    })
  })

  test.each<[string, LayoutSpec, Record<string, string>, string]>([
    ['another commit', of('beef'), {}, 'is of beef, not of c0ffee; building anew'],
    ['no known commit', {}, {}, 'is of no known commit, not of c0ffee'],
    ['another platform', of('c0ffee'), { platforms: 'linux/arm64' }, 'is without linux/arm64'],
  ])('an image of %s is not used', async (_, spec, inputs, said) => {
    const { log, built } = await released('1.2.3', spec, {}, inputs)
    expect(built).toBe(true)
    expect(log.lines.join('\n')).toContain(said)
  })

  test('a released image is still held to the limits', async () => {
    const { outcome } = await released('1.2.3', of('c0ffee'), {}, { 'size-limit': '10B' })
    expect(outcome.kind).toBe('refused')
  })

  test('a registry that does not answer costs a build and a warning', async () => {
    let isOpen = true
    const fate = () => (isOpen ? 'serve' : 'reset') as 'serve' | 'reset'
    const registry = await startRegistry({ fate })
    cleanup.push(registry.close)
    isOpen = false
    const at = { registry: registry.host, repository: 'alt-las/x' }
    const source = openRepository(
      { at, access: 'pull', credentials: null, attempts: 1 },
      { http: systemHttp({}), clock: fakeClock() },
    )
    const stage = await scene({ releases: source })
    await expect(buildImage(stage.inputs, stage.ports)).resolves.toMatchObject({
      kind: 'passed',
      built: { reusedFrom: null },
    })
    expect(stage.log.lines.join('\n')).toContain('warning: reuse: cannot tell whether')
  })

  test('bytes that are not what the digest says are not used', async () => {
    const stage = await scene({
      releases: {
        name: 'x',
        resolve: async () => (await readLayout((await writeLayout(of('c0ffee'))).path)).top.digest,
        getManifest: async () => {
          const layout = await readLayout((await writeLayout(of('c0ffee'))).path)
          const { digest, mediaType } = layout.top
          return { digest, mediaType, bytes: await readFile(blobPath(layout.path, digest)) }
        },
        openBlob: () => Promise.resolve(Readable.from([Buffer.from('other bytes')])),
      },
    })
    await expect(buildImage(stage.inputs, stage.ports)).resolves.toMatchObject({
      built: { reusedFrom: null },
    })
  })
})

test.each<[string, string, readonly string[]]>([
  ['tag', 'v1.2.3', ['1.2.3', 'v1.2.3']],
  ['tag', '1.2.3', ['1.2.3']],
  ['tag', 'release/1', []],
  ['branch', 'v1.2.3', []],
])('the release tags of the %s %s are %j', (refType, refName, tags) => {
  expect(releaseTags({ refType, refName })).toEqual(tags)
})
