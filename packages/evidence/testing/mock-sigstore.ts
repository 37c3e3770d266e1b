import { createHash, generateKeyPairSync, type KeyPairKeyObjectResult } from 'node:crypto'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
// Not the package's index: that one loads nock, which replaces the http module of every test in the process.
import { fulcioHandler, initializeCA, initializeCTLog } from '@sigstore/mock/dist/fulcio/index.js'
import { initializeTLog, rekorHandler } from '@sigstore/mock/dist/rekor/index.js'
import { initializeTSA, tsaHandler } from '@sigstore/mock/dist/timestamp/index.js'
import { HashAlgorithm, PublicKeyDetails, TrustedRoot } from '@sigstore/protobuf-specs'

/** sigstore's own mock of Fulcio, Rekor and the timestamp authority, on a socket of this machine. */
export interface MockSigstore {
  /** Address of all three services. */
  readonly url: string
  /** The trusted root that proves what it signs, as JSON. */
  readonly trustedRoot: string
  readonly requests: readonly string[]
  close(): Promise<void>
}

export const mockIssuer = 'https://token.actions.githubusercontent.com'

export async function startMockSigstore(): Promise<MockSigstore> {
  const keys = () => generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
  const [caKeys, logKeys, tsaKeys, ctKeys] = [keys(), keys(), keys(), keys()]
  // One instant for all, after the certificates begin, and in whole seconds: the verifier does not read the fractions that the mock writes.
  const clock = new Date(Math.ceil(Date.now() / 1000 + 1) * 1000)
  const ctlog = await initializeCTLog(ctKeys, clock)
  const ca = await initializeCA(caKeys, ctlog, clock)
  const tlog = await initializeTLog('http://rekor.test', logKeys, clock)
  const tsa = await initializeTSA(tsaKeys, clock)
  const handlers = [fulcioHandler(ca), asRekorLogs(rekorHandler(tlog)), tsaHandler(tsa)]
  const requests: string[] = []
  const server = createServer((incoming, response) => {
    void (async () => {
      requests.push(`${incoming.method ?? ''} ${incoming.url ?? ''}`)
      const handler = handlers.find(({ path }) => path === incoming.url)
      if (handler === undefined) {
        response.writeHead(404).end()
        return
      }
      const answer = await handler.fn(await bodyOf(incoming))
      response.writeHead(answer.statusCode, { 'content-type': answer.contentType ?? 'text/plain' })
      response.end(answer.response)
    })()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    trustedRoot: rootOf({
      ca: [Buffer.from(ca.rootCertificate.buffer)],
      tsa: [Buffer.from(tsa.intCertificate.buffer), Buffer.from(tsa.rootCertificate.buffer)],
      log: logKeys,
      ct: { key: ctKeys, id: Buffer.from(ctlog.logID.buffer) },
    }),
    requests,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => {
          resolve()
        })
      }),
  }
}

interface Handler {
  readonly path: string
  readonly fn: ReturnType<typeof rekorHandler>['fn']
}

// The mock logs what it is sent; Rekor logs hashes and signatures of an envelope, and that is what a verifier compares.
function asRekorLogs({ path, fn }: Handler): Handler {
  const sha256 = (data: Buffer | string) => ({
    algorithm: 'sha256',
    value: createHash('sha256').update(data).digest('hex'),
  })
  return {
    path,
    fn: (body) => {
      const { kind, apiVersion, spec } = JSON.parse(body) as {
        readonly kind: string
        readonly apiVersion: string
        readonly spec: {
          readonly proposedContent: { readonly envelope: string; readonly verifiers: string[] }
        }
      }
      const { envelope, verifiers } = spec.proposedContent
      const { payload, signatures } = JSON.parse(envelope) as {
        readonly payload: string
        readonly signatures: readonly { readonly sig: string }[]
      }
      const logged = {
        envelopeHash: sha256(envelope),
        payloadHash: sha256(Buffer.from(payload, 'base64')),
        signatures: signatures.map(({ sig }) => ({ signature: sig, verifier: verifiers[0] })),
      }
      return fn(JSON.stringify({ kind, apiVersion, spec: logged }))
    },
  }
}

interface Parts {
  readonly ca: readonly Buffer[]
  readonly tsa: readonly Buffer[]
  readonly log: KeyPairKeyObjectResult
  readonly ct: { readonly key: KeyPairKeyObjectResult; readonly id: Buffer }
}

function rootOf({ ca, tsa, log, ct }: Parts): string {
  const validFor = { start: new Date('2020-01-01T00:00:00Z') }
  const authority = (chain: readonly Buffer[]) => ({
    subject: { commonName: 'sigstore', organization: 'mock' },
    uri: '',
    certChain: { certificates: chain.map((rawBytes) => ({ rawBytes })) },
    validFor,
    operator: '',
  })
  const instance = (keys: KeyPairKeyObjectResult, keyId?: Buffer) => {
    const rawBytes = keys.publicKey.export({ format: 'der', type: 'spki' })
    return {
      baseUrl: 'http://rekor.test',
      hashAlgorithm: HashAlgorithm.SHA2_256,
      publicKey: { rawBytes, keyDetails: PublicKeyDetails.PKIX_ECDSA_P256_SHA_256, validFor },
      logId: { keyId: keyId ?? createHash('sha256').update(rawBytes).digest() },
      checkpointKeyId: undefined,
      operator: '',
    }
  }
  return JSON.stringify(
    TrustedRoot.toJSON({
      mediaType: 'application/vnd.dev.sigstore.trustedroot+json;version=0.1',
      certificateAuthorities: [authority(ca)],
      timestampAuthorities: [authority(tsa)],
      tlogs: [instance(log)],
      ctlogs: [instance(ct.key, ct.id)],
    }),
  )
}

async function bodyOf(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of incoming as AsyncIterable<Buffer>) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}

/** An identity token as GitHub gives it, unsigned: the mock does not check it. */
export function mockToken(subject: string): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  return `${part({ alg: 'none' })}.${part({ sub: subject, iss: mockIssuer })}.x`
}
