import { createReadStream } from 'node:fs'
import { afterEach, describe, expect, test } from '@jest/globals'
import { systemHttp } from '@alt-las/http'
import { blobPath, digestOf, openRepository, readLayout } from '@alt-las/registry'
import { fakeClock, startRegistry, writeLayout } from '@alt-las/testing'
import { scanTrivy } from '../scan-trivy.ts'
import { cleanReport } from '../testing/report.ts'
import { scene } from '../testing/scan.ts'

const cleanup: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of cleanup.splice(0)) await close()
})

/** A registry on the wire that holds an image of two platforms under the tag `1.0.0`. */
async function released() {
  const platforms = [
    { os: 'linux', architecture: 'amd64' },
    { os: 'linux', architecture: 'arm64' },
  ]
  const spec = { platforms }
  const registry = await startRegistry()
  cleanup.push(registry.close)
  const at = { registry: registry.host, repository: 'alt-las/x' }
  const options = { at, access: 'push', credentials: null, attempts: 1 } as const
  const image = openRepository(options, { http: systemHttp({}), clock: fakeClock() })
  const layout = await readLayout((await writeLayout(spec)).path)
  for (const { digest, size } of layout.blobs)
    await image.putBlob(digest, { size, open: () => createReadStream(blobPath(layout.path, digest)) })
  for (const manifest of layout.manifests) await image.putManifest(manifest.descriptor.digest, manifest)
  const top = layout.manifests.at(-1)
  if (top !== undefined) await image.putManifest('1.0.0', top)
  const run = async (reference: string) => {
    const inputs = { input: '', 'image-ref': `${registry.host}/alt-las/x${reference}` }
    const stage = await scene({ inputs, image, layout: spec, report: cleanReport })
    return { ...stage, result: scanTrivy(stage.inputs, stage.ports) }
  }
  return { run, digest: layout.top.digest, name: `${registry.host}/alt-las/x`, registry }
}

describe('image-ref', () => {
  test('every platform of an index is scanned, and the verdict is about the index', async () => {
    const { run, digest, name } = await released()
    const { result, process } = await run(`@${digest}`)
    await expect(result).resolves.toMatchObject({
      kind: 'passed',
      subject: { image: `${name}@${digest}`, digest },
      evidence: { scanned: [{ platform: 'linux/amd64' }, { platform: 'linux/arm64' }] },
    })
    expect(process.runs.filter(({ args }) => args.includes('--input'))).toHaveLength(2)
  })

  test('a tag is resolved once, and the verdict names the digest', async () => {
    const { run, digest, name, registry } = await released()
    await expect((await run(':1.0.0')).result).resolves.toMatchObject({
      subject: { image: `${name}@${digest}` },
    })
    expect(
      registry.requests.filter(({ method, path }) => method !== 'PUT' && path.endsWith('/manifests/1.0.0')),
    ).toHaveLength(1)
  })

  test('an image that is not there is a failure', async () => {
    const { run } = await released()
    await expect((await run(':2.0.0')).result).rejects.toMatchObject({ code: 'image-unreadable' })
    await expect((await run(`@sha256:${'0'.repeat(64)}`)).result).rejects.toMatchObject({
      code: 'registry-absent',
    })
  })
})

test('half of the credentials is an input error', async () => {
  await expect(scene({ inputs: { username: 'u' } })).rejects.toThrow('expected both or none')
})

test('a layout without a layer that may not be distributed cannot be scanned', async () => {
  const mediaType = 'application/vnd.oci.image.layer.nondistributable.v1.tar'
  const stage = await scene({ layout: { foreign: [{ mediaType, digest: digestOf('elsewhere'), size: 9 }] } })
  await expect(scanTrivy(stage.inputs, stage.ports)).rejects.toMatchObject({ code: 'foreign-layer' })
})
