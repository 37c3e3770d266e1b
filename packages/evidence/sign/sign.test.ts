import { createPrivateKey, createPublicKey, generateKeyPairSync, randomBytes, scryptSync } from 'node:crypto'
import { xsalsa20poly1305 } from '@noble/ciphers/salsa.js'
import { afterEach, describe, expect, test } from '@jest/globals'
import { describe as describeFailure, type Failure } from '@alt-las/failure'
import { digestOf } from '@alt-las/registry'
import {
  keylessSigner,
  keySigner,
  publicGoodRoot,
  readPrivateKey,
  readTrustedRoots,
  signatureOf,
  verifyBundle,
  writeStatement,
} from '../index.ts'
import { mockIssuer, mockToken, startMockSigstore, type MockSigstore } from '../testing/mock-sigstore.ts'

const statement = writeStatement(signatureOf({ name: 'ghcr.io/alt-las/x', digest: digestOf('image') }))
const pair = () => generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
const workflow = 'https://github.com/ALT-LAS/delivery/.github/workflows/release.yaml@refs/tags/v1.2.3'

describe('a signature by a key', () => {
  test('proves the statement, and by which key', async () => {
    const [ours, other] = [pair(), pair()]
    const bundle = await keySigner(ours.privateKey).sign(statement)
    const proof = verifyBundle(bundle, { keys: [other.publicKey, ours.publicKey], roots: [] })
    expect(proof.statement.subjects[0]?.digest).toBe(digestOf('image'))
    expect(`key SHA256:${proof.signer.kind === 'key' ? proof.signer.fingerprint : ''}`).toBe(
      keySigner(ours.privateKey).name,
    )
  })

  test('by another key, or over another statement, proves nothing', async () => {
    const [ours, other] = [pair(), pair()]
    const bundle = await keySigner(ours.privateKey).sign(statement)
    const forged = JSON.parse(new TextDecoder().decode(bundle)) as { dsseEnvelope: { payload: string } }
    forged.dsseEnvelope.payload = Buffer.from(
      writeStatement(signatureOf({ name: '', digest: digestOf('other') })),
    ).toString('base64')
    const trust = { keys: [ours.publicKey], roots: [] }
    const foreign = { keys: [other.publicKey], roots: [publicGoodRoot()] }
    expect(() => verifyBundle(bundle, foreign)).toThrow('a key that the policy does not name')
    const text = new TextEncoder().encode(JSON.stringify(forged))
    expect(() => verifyBundle(text, trust)).toThrow('a key that the policy does not name')
  })

  test('is known again as our own, so that a second push adds nothing', async () => {
    const signer = keySigner(pair().privateKey)
    const bundle = await signer.sign(statement)
    expect(signer.isOwn(bundle, statement)).toBe(true)
    expect(keySigner(pair().privateKey).isOwn(bundle, statement)).toBe(false)
    expect(signer.isOwn(new TextEncoder().encode('{}'), statement)).toBe(false)
  })
})

describe('a private key', () => {
  const { privateKey } = pair()
  const der = privateKey.export({ type: 'pkcs8', format: 'der' })

  /** As cosign seals it: scrypt, then NaCl's secretbox. */
  function seal(password: string, type = 'SIGSTORE', cost = 65536): string {
    const [salt, nonce] = [randomBytes(32), randomBytes(24)]
    const key = scryptSync(password, salt, 32, { N: cost, r: 8, p: 1, maxmem: 2 ** 28 })
    const body = {
      kdf: { name: 'scrypt', params: { N: cost, r: 8, p: 1 }, salt: salt.toString('base64') },
      cipher: { name: 'nacl/secretbox', nonce: nonce.toString('base64') },
      ciphertext: Buffer.from(xsalsa20poly1305(key, nonce).encrypt(der)).toString('base64'),
    }
    const text = Buffer.from(JSON.stringify(body)).toString('base64')
    return `-----BEGIN ENCRYPTED ${type} PRIVATE KEY-----\n${text}\n-----END ENCRYPTED ${type} PRIVATE KEY-----\n`
  }

  test.each([
    ['as cosign writes it', () => seal('pass'), 'pass'],
    ['as cosign before version 2 wrote it', () => seal('pass', 'COSIGN', 32768), 'pass'],
    ['in PEM', () => privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(), null],
    [
      'in PEM with a password',
      () =>
        privateKey
          .export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'pass' })
          .toString(),
      'pass',
    ],
  ])('%s is read', (_, pem, password) => {
    expect(createPublicKey(readPrivateKey(pem(), password)).equals(createPublicKey(privateKey))).toBe(true)
  })

  test.each([
    ['with a wrong password', () => seal('pass'), 'other', 'the password does not open'],
    ['with too much work', () => seal('pass').replace(/(?<=-\n).+/, expensive), 'pass', 'more work'],
    ['that is cut off', () => seal('pass').replace(/(?<=-\n).+/, 'e30'), 'pass', 'sealed in an unknown way'],
    ['that is a public one', () => 'ssh-ed25519 AAAA', null, 'got no private key'],
    [
      'of another kind',
      () => generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
      null,
      'expected ECDSA on P-256',
    ],
  ])('%s is an error that holds nothing of it', (_, pem, password, message) => {
    const text = pem()
    expect(() => readPrivateKey(text, password)).toThrow(message)
  })

  const expensive = Buffer.from(
    JSON.stringify({
      kdf: { name: 'scrypt', params: { N: 2 ** 30, r: 8, p: 1 }, salt: '' },
      cipher: { name: 'nacl/secretbox', nonce: '' },
      ciphertext: '',
    }),
  ).toString('base64')

  test('is one that node reads', () => {
    expect(createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }).asymmetricKeyType).toBe('ec')
  })
})

describe('a keyless signature, by the mock of sigstore', () => {
  const running: MockSigstore[] = []
  afterEach(async () => {
    for (const one of running.splice(0)) await one.close()
  })

  async function signed(parts: { readonly rekor: boolean; readonly tsa: boolean }) {
    const mock = await startMockSigstore()
    running.push(mock)
    const signer = keylessSigner(
      { fulcioUrl: mock.url, rekorUrl: parts.rekor ? mock.url : null, tsaUrl: parts.tsa ? mock.url : null },
      { identityToken: () => Promise.resolve(mockToken(workflow)), attempts: 1, timeout: 10_000 },
    )
    return { mock, bundle: await signer.sign(statement) }
  }

  test.each([
    ['with the log', { rekor: true, tsa: false }],
    ['with log and timestamp', { rekor: true, tsa: true }],
  ])('%s proves workflow and statement', async (_, parts) => {
    const { mock, bundle } = await signed(parts)
    const proof = verifyBundle(bundle, { keys: [], roots: readTrustedRoots(mock.trustedRoot) })
    expect(proof.signer).toEqual({ kind: 'identity', issuer: mockIssuer, identity: workflow })
    expect(proof.statement.subjects[0]?.digest).toBe(digestOf('image'))
  })

  test('by an unknown authority proves nothing', async () => {
    const { bundle } = await signed({ rekor: true, tsa: true })
    const other = await startMockSigstore()
    running.push(other)
    for (const roots of [readTrustedRoots(other.trustedRoot), [publicGoodRoot()], []])
      expect(() => verifyBundle(bundle, { keys: [], roots })).toThrow('its certificate is not proven')
  })

  test('without the log that the trusted root has proves nothing', async () => {
    const { mock, bundle } = await signed({ rekor: false, tsa: true })
    const trust = { keys: [], roots: readTrustedRoots(mock.trustedRoot) }
    expect(() => verifyBundle(bundle, trust)).toThrow('expected 1 tlog entries, got 0')
  })

  test('of a deployment without a log is proven by its timestamp', async () => {
    const { mock, bundle } = await signed({ rekor: false, tsa: true })
    const root = JSON.stringify({ ...(JSON.parse(mock.trustedRoot) as object), tlogs: [] })
    const proof = verifyBundle(bundle, { keys: [], roots: readTrustedRoots(root) })
    expect(proof.signer.kind).toBe('identity')
  })

  test('that cannot be had is an error with its remedy', async () => {
    const signer = keylessSigner(
      { fulcioUrl: 'http://127.0.0.1:9', rekorUrl: null, tsaUrl: null },
      { identityToken: () => Promise.resolve(mockToken(workflow)), attempts: 1, timeout: 1000 },
    )
    const error = await signer.sign(statement).catch((thrown: unknown) => thrown as Failure)
    expect(error).toMatchObject({ code: 'signing-failed' })
    expect(describeFailure(error)).toContain('`id-token: write`')
  })
})

describe('a trusted root', () => {
  test('of the public instance is bundled', () => {
    const { certificateAuthorities, tlogs, ctlogs } = publicGoodRoot()
    expect([certificateAuthorities.length, tlogs.length, ctlogs.length].every((one) => one > 0)).toBe(true)
  })

  test.each([
    ['an empty file', ''],
    ['another document', '{}'],
    ['no JSON', 'certificates'],
  ])('that is %s is an error', (_, text) => {
    expect(() => readTrustedRoots(text)).toThrow()
  })
})
