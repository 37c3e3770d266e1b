import { writeFile } from 'node:fs/promises'
import { afterEach, describe, expect, test } from '@jest/globals'
import { blobPath, digestOf } from '@alt-las/registry'
import { closedAfter, startRegistry, writeLayout } from '@alt-las/testing'
import { stage } from '../testing/stage.ts'

const start = closedAfter(afterEach, startRegistry)

const repository = 'alt-las/api-gateway'

describe('what is called pushed can be pulled', () => {
  test.each(['layer', 'configuration'])('a %s that the registry has lost is pushed again', async (kind) => {
    const registry = await start()
    const layout = await writeLayout()
    await stage(registry).push({ 'oci-layout': layout.path })
    const before = registry.state()
    const [config, layer] = layout.blobs
    const lost = kind === 'layer' ? layer! : config!
    registry.loseBlob(repository, lost)
    const { evidence } = await stage(registry).push({ 'oci-layout': layout.path })
    expect(evidence.blobs.filter(({ how }) => how === 'pushed').map(({ digest }) => digest)).toEqual([lost])
    expect(evidence.manifests).toEqual([layout.digest])
    expect(registry.state()).toEqual(before)
  })

  test('a layer that was changed on disk is never complete in the registry, and is not tried again', async () => {
    let uploads = 0
    const registry = await start({
      fate: ({ method, path }) => {
        if (method === 'POST' && path.includes('/blobs/uploads/')) uploads += 1
        return 'serve'
      },
    })
    const layout = await writeLayout({ layers: ['0123456789'] })
    const layer = digestOf('0123456789')
    await writeFile(blobPath(layout.path, layer), '012345678X')
    const pushing = stage(registry).push({ 'oci-layout': layout.path })
    await expect(pushing).rejects.toMatchObject({ code: 'layout-corrupt', fault: 'input' })
    const config = layout.blobs.filter((digest) => digest !== layer)
    expect(registry.state()).toEqual(config.map((digest) => `blob ${repository} ${digest}`))
    // One of the preflight, one for each blob.
    expect(uploads).toBe(3)
  })

  test('a layer that was changed on disk after the registry got it does not have to travel', async () => {
    const registry = await start()
    const layout = await writeLayout({ layers: ['0123456789'] })
    await stage(registry).push({ 'oci-layout': layout.path })
    const before = registry.state()
    await writeFile(blobPath(layout.path, digestOf('0123456789')), '012345678X')
    await stage(registry).push({ 'oci-layout': layout.path })
    expect(registry.state()).toEqual(before)
  })

  test('a layer that may not be distributed is left out, and named', async () => {
    const registry = await start()
    const mediaType = 'application/vnd.oci.image.layer.nondistributable.v1.tar+gzip'
    const foreign = { mediaType, digest: digestOf('elsewhere'), size: 9 }
    const layout = await writeLayout({ foreign: [foreign] })
    const { kind, evidence } = await stage(registry).push({ 'oci-layout': layout.path })
    expect(kind).toBe('passed')
    expect(evidence.blobs.map(({ digest }) => digest).toSorted()).toEqual(layout.blobs.toSorted())
    expect(evidence.notices.join()).toContain(`the layer ${foreign.digest} may not be distributed`)
  })

  test('a registry that wants such a layer all the same is told why it gets none', async () => {
    const registry = await start({
      fate: ({ method, path }) =>
        method === 'PUT' && path.includes('/manifests/') ? { status: 404 } : 'serve',
    })
    const mediaType = 'application/vnd.docker.image.rootfs.foreign.diff.tar.gzip'
    const layout = await writeLayout({ foreign: [{ mediaType, digest: digestOf('elsewhere'), size: 9 }] })
    const refused = stage(registry).push({ 'oci-layout': layout.path })
    await expect(refused).rejects.toMatchObject({ code: 'foreign-layer' })
  })

  test('a registry that drops what it was given is no success', async () => {
    let looks = 0
    const registry = await start({
      fate: ({ method, path }) =>
        method === 'HEAD' && path.includes('/blobs/') && ++looks > 3 ? { status: 404 } : 'serve',
    })
    const layout = await writeLayout()
    await stage(registry).push({ 'oci-layout': layout.path, tags: 'type=sha' })
    looks = 0
    registry.loseBlob(repository, layout.blobs[0]!)
    const dropped = stage(registry).push({ 'oci-layout': layout.path, tags: 'type=sha' })
    await expect(dropped).rejects.toMatchObject({ code: 'not-published' })
  })
})
