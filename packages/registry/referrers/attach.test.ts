import { afterEach, describe, expect, test } from '@jest/globals'
import { systemHttp } from '@alt-las/http'
import {
  closedAfter,
  fakeClock,
  startRegistry,
  type WireRegistry,
  type WireRegistryOptions,
} from '@alt-las/testing'
import {
  attach,
  digestOf,
  emptyConfig,
  fallbackTag,
  findReferrers,
  mediaTypes,
  openRepository,
  readSmallBlob,
  type Artifact,
  type Repository,
} from '../index.ts'

const start = closedAfter(afterEach, startRegistry)

async function setting(wire: WireRegistryOptions = {}): Promise<{
  readonly registry: WireRegistry
  readonly repository: Repository
}> {
  const registry = await start(wire)
  const at = { registry: registry.host, repository: 'alt-las/x' }
  const repository = openRepository(
    { at, access: 'push', credentials: null, attempts: 3 },
    { http: systemHttp({}), clock: fakeClock(), random: () => 0 },
  )
  return { registry, repository }
}

const subject = { mediaType: mediaTypes.manifest, digest: digestOf('image'), size: 5 }

const signature = (text: string): Artifact => ({
  artifactType: 'application/vnd.dev.sigstore.bundle.v0.3+json',
  subject,
  layer: {
    mediaType: 'application/vnd.dev.sigstore.bundle.v0.3+json',
    bytes: new TextEncoder().encode(text),
  },
  annotations: { 'dev.sigstore.bundle.content': 'dsse-envelope' },
})

describe.each([
  ['with the referrers API', true],
  ['without it, by the fallback tag', false],
])('a registry %s', (_, referrers) => {
  test('lists every artifact of an image, with its type and annotations', async () => {
    const { repository } = await setting({ referrers })
    const one = await attach(repository, signature('one'))
    const two = await attach(repository, signature('two'))
    const found = await findReferrers(repository, subject.digest)
    expect(found.map(({ digest }) => digest).toSorted()).toEqual([one.digest, two.digest].toSorted())
    expect(found[0]?.artifactType).toBe(signature('').artifactType)
    expect(found[0]?.annotations).toEqual(signature('').annotations)
    await expect(findReferrers(repository, digestOf('other'))).resolves.toEqual([])
  })

  test('gets an artifact twice, and keeps it once', async () => {
    const { repository, registry } = await setting({ referrers })
    await attach(repository, signature('one'))
    const before = registry.state()
    await attach(repository, signature('one'))
    expect(registry.state()).toEqual(before)
  })

  test('keeps the image as it is, and the artifact can be read back', async () => {
    const { repository, registry } = await setting({ referrers })
    const { digest } = await attach(repository, signature('one'))
    const manifest = await repository.getManifest(digest)
    const document = JSON.parse(new TextDecoder().decode(manifest?.bytes)) as Record<string, unknown>
    expect(document['subject']).toEqual(subject)
    expect(document['config']).toEqual(emptyConfig.descriptor)
    const layer = { digest: digestOf('one'), size: 3 }
    await expect(readSmallBlob(repository, layer, 3)).resolves.toEqual(new TextEncoder().encode('one'))
    expect(registry.state().some((line) => line.includes(`manifest alt-las/x ${subject.digest}`))).toBe(false)
  })

  test('ends in the same state wherever the work breaks off, once it is run again', async () => {
    const { repository, registry } = await setting({ referrers })
    await attach(repository, signature('one'))
    const { length } = registry.requests
    for (let at = 1; at <= length; at += 1) {
      const broken = await setting({
        referrers,
        fate: (_seen, number) => (number === at ? { status: 403 } : 'serve'),
      })
      await attach(broken.repository, signature('one')).catch(() => undefined)
      await attach(broken.repository, signature('one'))
      expect(broken.registry.state()).toEqual(registry.state())
    }
  })
})

describe('the fallback tag', () => {
  test('keeps what another writer has put at the same time', async () => {
    let interferes = true
    const { repository } = await setting()
    const other = { ...repository }
    const racing: Repository = {
      ...repository,
      resolve: async (reference) => {
        if (interferes) {
          interferes = false
          await attach(other, signature('theirs'))
        }
        return repository.resolve(reference)
      },
    }
    const ours = await attach(racing, signature('ours'))
    const found = await findReferrers(repository, subject.digest)
    expect(found).toHaveLength(2)
    expect(found.map(({ digest }) => digest)).toContain(ours.digest)
  })

  test('that others overwrite every time ends with an error that says so', async () => {
    const { repository } = await setting()
    const racing: Repository = {
      ...repository,
      putManifest: async (reference, manifest) => {
        if (reference !== fallbackTag(subject.digest)) await repository.putManifest(reference, manifest)
      },
    }
    await expect(attach(racing, signature('ours'))).rejects.toThrow(/sha256-[0-9a-f]{64} was overwritten 10/)
  })

  test('that is no list of referrers is an error with its remedy', async () => {
    const { repository } = await setting()
    const bytes = new TextEncoder().encode('{"schemaVersion":2,"layers":[]}')
    const descriptor = { mediaType: mediaTypes.manifest, digest: digestOf(bytes), size: bytes.length }
    await repository.putManifest(fallbackTag(subject.digest), { descriptor, bytes })
    await expect(findReferrers(repository, subject.digest)).rejects.toThrow(
      /does not list referrers: its type/,
    )
  })
})

test('a registry that names itself able, and does not list what was attached, is an error', async () => {
  const { repository } = await setting()
  const forgetful = { ...repository, referrers: () => Promise.resolve([]) }
  await expect(attach(forgetful, signature('one'))).rejects.toThrow(/does not list sha256:/)
})

test('a blob larger than its limit is not read', async () => {
  const { repository, registry } = await setting()
  const layer = { digest: digestOf('one'), size: 100 }
  await expect(readSmallBlob(repository, layer, 99)).rejects.toThrow('has 100 bytes')
  expect(registry.requests).toEqual([])
})
