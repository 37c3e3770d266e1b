import { generateKeyPairSync, sign } from 'node:crypto'
import { Readable } from 'node:stream'
import { afterEach, describe, expect, test } from '@jest/globals'
import { attach, digestOf, emptyConfig, mediaTypes, openRepository, type Repository } from '@alt-las/registry'
import { systemHttp } from '@alt-las/http'
import { closedAfter, fakeClock, startRegistry, type WireRegistryOptions } from '@alt-las/testing'
import { attachStatement, findProofs, keySigner, signatureOf, writeStatement } from '../index.ts'

const start = closedAfter(afterEach, startRegistry)

async function setting(wire: WireRegistryOptions = {}) {
  const registry = await start(wire)
  const at = { registry: registry.host, repository: 'alt-las/x' }
  const options = { at, access: 'push', credentials: null, attempts: 2 } as const
  const repository = openRepository(options, { http: systemHttp({}), clock: fakeClock(), random: () => 0 })
  return { registry, repository }
}

const keys = () => generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
const subject = { mediaType: mediaTypes.manifest, digest: digestOf('image'), size: 5 }
const signature = signatureOf({ name: 'ghcr.io/alt-las/x', digest: subject.digest })

describe.each([
  ['with the referrers API', true],
  ['without it', false],
])('in a registry %s', (_, referrers) => {
  test('what was signed and attached is found, and proven', async () => {
    const { repository } = await setting({ referrers })
    const ours = keys()
    const signer = keySigner(ours.privateKey)
    const attached = await attachStatement(signature, { subject, signer }, repository)
    expect(attached).toMatchObject({ how: 'attached', isSigned: true })
    const found = await findProofs(repository, subject.digest, { keys: [ours.publicKey], roots: [] })
    expect(found.unproven).toEqual([])
    expect(found.proofs.map(({ statement }) => statement)).toEqual([signature])
  })

  test('a second push attaches nothing, signed or not', async () => {
    const { repository, registry } = await setting({ referrers })
    const signer = keySigner(keys().privateKey)
    for (const by of [signer, null]) await attachStatement(signature, { subject, signer: by }, repository)
    const before = registry.state()
    for (const by of [signer, null])
      expect((await attachStatement(signature, { subject, signer: by }, repository)).how).toBe('present')
    expect(registry.state()).toEqual(before)
  })

  test('what claims to be our signature and is not does not keep ours away', async () => {
    const { repository } = await setting({ referrers })
    const ours = keys()
    await attachStatement(signature, { subject, signer: keySigner(keys().privateKey) }, repository)
    const signer = keySigner(ours.privateKey)
    expect((await attachStatement(signature, { subject, signer }, repository)).how).toBe('attached')
  })

  test('what is unsigned, foreign, broken or of another kind proves nothing, and is said', async () => {
    const { repository } = await setting({ referrers })
    const trust = { keys: [keys().publicKey], roots: [] }
    await attachStatement(signature, { subject, signer: null }, repository)
    await attachStatement(signature, { subject, signer: keySigner(keys().privateKey) }, repository)
    const type = 'application/vnd.dev.sigstore.bundle.v0.3+json'
    const bytes = new TextEncoder().encode('{"mediaType":"nothing"}')
    await attach(repository, {
      artifactType: type,
      subject,
      layer: { mediaType: type, bytes },
      annotations: {},
    })
    const found = await findProofs(repository, subject.digest, trust)
    expect(found.proofs).toEqual([])
    expect(found.unproven).toHaveLength(2)
    expect(found.unproven.join()).toContain('a key that the policy does not name')
  })
})

test('a registry that does not answer is an error, and no missing signature', async () => {
  const { repository } = await setting({ fate: () => ({ status: 503 }) })
  await expect(findProofs(repository, subject.digest, { keys: [], roots: [] })).rejects.toMatchObject({
    code: 'registry-busy',
  })
})

test('of thousands of attestations only the last hundred are read', async () => {
  const { repository } = await setting()
  const listed = Array.from({ length: 900 }, (_, index) => ({
    mediaType: mediaTypes.manifest,
    digest: digestOf(`${index}`),
    size: 10,
    artifactType: 'application/vnd.dev.sigstore.bundle.v0.3+json',
  }))
  let asked = 0
  const crowded: Repository = {
    ...repository,
    referrers: () => Promise.resolve(listed),
    getManifest: () => {
      asked += 1
      return Promise.resolve(null)
    },
  }
  const found = await findProofs(crowded, subject.digest, { keys: [], roots: [] })
  expect(asked).toBe(100)
  expect(found.unproven[0]).toBe('only 100 of 900 attestations were read')
})

describe('what cosign up to 2 has written', () => {
  const ours = keys()
  const payload = JSON.stringify({
    critical: {
      identity: { 'docker-reference': 'ghcr.io/alt-las/x' },
      image: { 'docker-manifest-digest': subject.digest },
      type: 'cosign container image signature',
    },
    optional: null,
  })

  async function written(layer: { mediaType: string; bytes: string; annotations?: object }, ending: string) {
    const { repository } = await setting()
    for (const bytes of [layer.bytes, '{}'])
      await repository.putBlob(digestOf(bytes), {
        size: Buffer.byteLength(bytes),
        open: () => Readable.from([Buffer.from(bytes)]),
      })
    const descriptor = { mediaType: layer.mediaType, digest: digestOf(layer.bytes), size: layer.bytes.length }
    const manifest = new TextEncoder().encode(
      JSON.stringify({
        schemaVersion: 2,
        mediaType: mediaTypes.manifest,
        config: emptyConfig.descriptor,
        layers: [{ ...descriptor, annotations: layer.annotations ?? {} }],
      }),
    )
    await repository.putManifest(`${subject.digest.replace(':', '-')}${ending}`, {
      descriptor: { mediaType: mediaTypes.manifest, digest: digestOf(manifest), size: manifest.length },
      bytes: manifest,
    })
    return findProofs(repository, subject.digest, { keys: [ours.publicKey], roots: [] })
  }

  const signed = (by = ours) => ({
    mediaType: 'application/vnd.dev.cosign.simplesigning.v1+json',
    bytes: payload,
    annotations: {
      'dev.cosignproject.cosign/signature': sign('sha256', Buffer.from(payload), by.privateKey).toString(
        'base64',
      ),
    },
  })

  test('a signature of a known key is proven', async () => {
    const { proofs } = await written(signed(), '.sig')
    expect(proofs).toHaveLength(1)
    expect(proofs[0]?.statement.subjects[0]?.digest).toBe(subject.digest)
  })

  test('a signature of an unknown key is not', async () => {
    const { proofs, unproven } = await written(signed(keys()), '.sig')
    expect(proofs).toEqual([])
    expect(unproven[0]).toContain('a key that the policy does not name')
  })

  test('an attestation of a known key is proven', async () => {
    const bundle = await keySigner(ours.privateKey).sign(writeStatement(signature))
    const { dsseEnvelope } = JSON.parse(new TextDecoder().decode(bundle)) as { dsseEnvelope: object }
    const layer = {
      mediaType: 'application/vnd.dsse.envelope.v1+json',
      bytes: JSON.stringify(dsseEnvelope),
    }
    const { proofs } = await written(layer, '.att')
    expect(proofs.map(({ statement }) => statement)).toEqual([signature])
  })
})
