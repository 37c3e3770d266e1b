import { afterEach, describe, expect, test } from '@jest/globals'
import { digestOf } from '@alt-las/registry'
import { startRegistry, writeLayout, type WireRegistry, type WireRegistryOptions } from '@alt-las/testing'
import { stage } from '../testing/stage.ts'

const running: WireRegistry[] = []
afterEach(async () => {
  for (const registry of running.splice(0)) await registry.close()
})
async function start(options: WireRegistryOptions = {}): Promise<WireRegistry> {
  const registry = await startRegistry(options)
  running.push(registry)
  return registry
}

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
