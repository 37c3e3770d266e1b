import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, test } from '@jest/globals'
import { digestOf } from '@alt-las/registry'
import { judgePolicy, parsePolicy, type Found, type Policy, type Proof, type SignedBy } from '../index.ts'
import { fingerprint } from '../verify/public-key.ts'

const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString()
const noFile = (path: string): string => {
  throw new Error(`cannot read ${path}`)
}
const issuer = 'https://token.actions.githubusercontent.com'
const repository = 'https://github.com/ALT-LAS/delivery'
const workflow = '.github/workflows/release.yaml'

const text = `
signers:
  - issuer: ${issuer}
    identity: ${repository}/${workflow}@refs/tags/v*
  - key: |
${pem.replace(/^/gm, '      ')}
require:
  signature: true
  sbom: true
  scan: { max-age: 72h }
  provenance: { repository: ${repository}, workflow: ${workflow} }
`
const policy: Policy = parsePolicy(text, noFile)
const digest = digestOf('image')
const now = Date.parse('2026-12-01T12:00:00Z')
const release: SignedBy = { kind: 'identity', issuer, identity: `${repository}/${workflow}@refs/tags/v1.2.3` }
const stranger: SignedBy = {
  kind: 'identity',
  issuer,
  identity: `https://github.com/evil/x/${workflow}@refs/tags/v1`,
}

const proof = (predicateType: string, predicate: object = {}, rest: Partial<Proof> = {}): Proof => ({
  signer: release,
  statement: {
    subjects: [{ name: '', digest }],
    predicateType,
    predicate: predicate as Proof['statement']['predicate'],
  },
  ...rest,
})
const scan = (outcome: string, at = '2026-12-01T00:00:00Z') =>
  proof('https://in-toto.io/attestation/vulns/v0.1', {
    metadata: { scanFinishedOn: at },
    verdict: { outcome, because: '1 CRITICAL' },
  })
const provenance = (from = repository, path = workflow) =>
  proof('https://slsa.dev/provenance/v1', {
    buildDefinition: { externalParameters: { workflow: { repository: from, path, ref: 'refs/tags/v1' } } },
  })
const signature = proof('https://sigstore.dev/cosign/sign/v1')
const sbom = proof('https://spdx.dev/Document/v2.3')
const whole = [signature, sbom, scan('passed'), provenance()]
const without = (one: Proof) => whole.filter((other) => other !== one)
const judge = (proofs: readonly Proof[], found: Partial<Found> = {}, by = policy) => {
  const verdict = judgePolicy(by, digest, { proofs, unproven: [], ...found }, now)
  return verdict.kind === 'accepted' ? verdict.because : verdict.problems.join(' | ')
}

describe('a policy', () => {
  test('accepts an image with everything, and says whose it is', () => {
    expect(judge(whole)).toBe(`proven by ${repository}/${workflow}@refs/tags/v1.2.3`)
  })

  test('accepts evidence by any of its signers', () => {
    const ours: SignedBy = { kind: 'key', fingerprint: fingerprint(publicKey) }
    expect(judge([{ ...signature, signer: ours }, ...without(signature)])).toMatch(/^proven by key SHA256:/)
  })

  test.each<[string, readonly Proof[], string | RegExp]>([
    [
      'without anything',
      [],
      /^it lacks a signature .* \| it lacks the verdict .* \| it lacks the provenance/,
    ],
    ['unsigned', without(signature), 'it lacks a signature by a signer of the policy'],
    [
      'signed by a stranger',
      [{ ...signature, signer: stranger }, ...without(signature)],
      /it lacks a signature by a signer of the policy; found: signed by https:\/\/github.com\/evil\/x\/.* \(issuer https/,
    ],
    [
      'signed by the right identity of another issuer',
      [{ ...signature, signer: { ...release, issuer: 'https://evil.example' } }, ...without(signature)],
      /it lacks a signature .* \(issuer https:\/\/evil.example\)/,
    ],
    [
      'with another image’s signature',
      [
        {
          ...signature,
          statement: { ...signature.statement, subjects: [{ name: '', digest: digestOf('x') }] },
        },
        ...without(signature),
      ],
      new RegExp(`it lacks a signature .*; found: a statement about ${digestOf('x')}, not ${digest}`),
    ],
    ['without an SBOM', without(sbom), 'it lacks an SBOM by a signer of the policy'],
    ['that is unscanned', [signature, sbom, provenance()], 'it lacks the verdict of a scan'],
    [
      'that the scan refused',
      [signature, sbom, provenance(), scan('refused')],
      'its scan ended refused: 1 CRITICAL',
    ],
    [
      'that a newer scan refused',
      [...whole, scan('refused', '2026-12-01T11:00:00Z')],
      'its scan ended refused: 1 CRITICAL',
    ],
    [
      'with an old scan',
      [signature, sbom, provenance(), scan('passed', '2026-11-01T12:00:00Z')],
      'its scan is 720h00m old, the policy allows 72h00m',
    ],
    [
      'of another repository',
      [signature, sbom, scan('passed'), provenance('https://github.com/evil/x')],
      `its provenance names https://github.com/evil/x, workflow ${workflow}, expected ${repository}`,
    ],
    [
      'of another workflow',
      [signature, sbom, scan('passed'), provenance(repository, '.github/workflows/other.yaml')],
      'its provenance names',
    ],
  ])('refuses an image %s, with a sentence that says which', (_, proofs, sentence) => {
    const said = judge(proofs)
    if (typeof sentence === 'string') expect(said).toContain(sentence)
    else expect(said).toMatch(sentence)
    expect(said).not.toMatch(/^proven/)
  })

  test('says what was not proven where something is missing', () => {
    expect(judge([], { unproven: ['sha256:12 is not proven: it is signed with a key'] })).toContain(
      'found: sha256:12 is not proven',
    )
  })

  test.each([
    [`${repository}/*@refs/tags/v1.2.3`, true],
    [`${repository}/${workflow}@refs/tags/v1.2.3`, true],
    [`${repository}/*/release.yaml@*`, true],
    [`${repository}/${workflow}@refs/tags/v1`, false],
    [`${repository}/${workflow}@refs/heads/*`, false],
    [`https://github.com/ALT-LAS/deliver/*`, false],
    [`${repository}/*v1.2.3*v1.2.3`, false],
  ])('with the identity %s: a match is %s', (identity, isMatch) => {
    const one: Policy = {
      signers: [{ kind: 'identity', issuer, identity }],
      require: { signature: true, sbom: false, scan: null, provenance: null },
    }
    expect(judge([signature], {}, one).startsWith('proven')).toBe(isMatch)
  })

  test('with an identity of thousands of stars is judged at once', () => {
    const identity = `${repository}/${'*a'.repeat(20_000)}`
    const one: Policy = {
      signers: [{ kind: 'identity', issuer, identity }],
      require: { signature: true, sbom: false, scan: null, provenance: null },
    }
    expect(judge([signature], {}, one)).toMatch(/^it lacks a signature/)
  })
})

describe('the text of a policy', () => {
  test('without `require` asks for a signature', () => {
    const { require } = parsePolicy(`signers: [{ key: cosign.pub }]`, () => pem)
    expect(require).toEqual({ signature: true, sbom: false, scan: null, provenance: null })
  })

  test.each([
    ['', 'the policy: expected fields signers, require'],
    ['signers: []', 'signers: got nothing'],
    ['signers: [{ key: missing.pub }]', 'cannot read missing.pub'],
    ['signers: [{ key: "-----BEGIN PUBLIC KEY-----" }]', 'signers[0].key: the public key cannot be read'],
    ['signers: [{ issuer: https://x.example }]', 'signers[0]: expected `key` alone'],
    [`signers: [{ issuer: ${issuer}, identity: "*" }]`, 'signers[0].identity: got "*"'],
    [`signers: [{ issuer: ${issuer}, identity: "https://github.com/*" }]`, 'host and owner without *'],
    [`signers: [{ issuer: "https://*", identity: "${repository}/x" }]`, 'signers[0].issuer'],
    [`signers: [{ key: a, identify: b }]`, 'got "identify"'],
    [`signer: []`, 'got "signer"'],
    [`signers: [{ key: missing.pub }]\nrequire: { scans: true }`, 'got "scans"'],
    [`signers: [{ key: missing.pub }]\nrequire: {}`, 'got nothing that is required'],
    [
      `signers: [{ key: missing.pub }]\nrequire: { scan: { max-age: soon } }`,
      'require.scan.max-age: got "soon"',
    ],
    [`signers: [{ key: missing.pub }]\nrequire: { provenance: true }`, 'require.provenance'],
    [`signers: [{ key: missing.pub }]\nrequire: { signature: "yes" }`, 'require.signature: got "yes"'],
    [`signers: [`, 'line'],
  ])('%j is an error: %s', (bad, message) => {
    expect(() => parsePolicy(bad, noFile)).toThrow(message)
  })

  test('has all its problems in one error', () => {
    const both = `signers: [{ key: missing.pub }]\nrequire: { scans: true }`
    expect(() => parsePolicy(both, noFile)).toThrow(/missing\.pub; .*scans/)
  })
})
