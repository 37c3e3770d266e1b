import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, test } from '@jest/globals'
import {
  attachStatement,
  findProofs,
  keySigner,
  parsePolicy,
  provenanceStatement,
  provenanceOf,
  scanOf,
  signatureOf,
  type Signer,
  type Statement,
} from '@alt-las/evidence'
import { systemHttp } from '@alt-las/http'
import { digestOf, mediaTypes, openRepository, parseReference, type Digest } from '@alt-las/registry'
import { fakeClock, startRegistry } from '@alt-las/testing'
import { v1 } from '../../../packages/rollout/testing/manifests.ts'
import type { FindEvidence } from './evidence-check/registry-evidence.ts'
import type { EvidenceCheck } from './operation.ts'
import { scenario, type Scenario } from './testing/scenario.ts'

const keys = () => generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
const [ours, stranger] = [keys(), keys()]
const pem = ours.publicKey.export({ type: 'spki', format: 'pem' }).toString()
const repository = 'ALT-LAS/delivery'
const workflow = '.github/workflows/release.yaml'
const text = `
signers: [{ key: cosign.pub }]
require:
  signature: true
  scan: true
  provenance: { repository: https://github.com/${repository}, workflow: ${workflow} }
`
const policy = parsePolicy(text, () => pem)
const digest = parseReference(v1).digest as Digest
const subject = { name: '', digest }
const signature = signatureOf(subject)
const scan = (outcome: 'passed' | 'refused', about = subject): Statement =>
  scanOf(
    {
      outcome,
      because: '2 CRITICAL',
      startedAt: '2026-12-01T00:00:00Z',
      finishedAt: '2026-12-01T00:00:00Z',
      trivy: '0.74.0',
      databaseUpdatedAt: null,
      counts: {},
      findings: [],
    },
    about,
  )
const provenance = (from = repository): Statement =>
  provenanceStatement(
    JSON.stringify(
      provenanceOf({
        serverUrl: 'https://github.com',
        repository: from,
        sha: '0123',
        ref: 'refs/tags/v1',
        workflowRef: `${from}/${workflow}@refs/tags/v1`,
        eventName: 'push',
        runId: '1',
        runAttempt: '1',
        runnerEnvironment: 'github-hosted',
        startedAt: 0,
        finishedAt: 1,
        materials: [],
      }),
    ),
    subject,
  )

/** A registry on a socket that holds these statements beside the image. */
async function evidenceOf(
  statements: readonly Statement[],
  signer: Signer | null,
): Promise<{ find: FindEvidence; close: () => Promise<void> }> {
  const registry = await startRegistry()
  const at = { registry: registry.host, repository: 'shop/web' }
  const opened = openRepository(
    { at, access: 'push', credentials: null, attempts: 1 },
    { http: systemHttp({}), clock: fakeClock() },
  )
  const image = { mediaType: mediaTypes.manifest, digest, size: 2 }
  for (const one of statements) await attachStatement(one, { subject: image, signer }, opened)
  return {
    find: (name, trust) => findProofs(opened, parseReference(name).digest as Digest, trust),
    close: registry.close,
  }
}

const check: EvidenceCheck = {
  policy,
  roots: null,
  registry: { login: null, githubToken: null, actor: '' },
}

/** All objects, and the number of writes so far. */
const stateOf = (here: Scenario): string => JSON.stringify(here.snapshot().state)

async function deploy(statements: readonly Statement[], signer: Signer | null = keySigner(ours.privateKey)) {
  const here = scenario()
  const before = stateOf(here)
  const { find, close } = await evidenceOf(statements, signer)
  try {
    const outcome = await here.run(
      { verifyBeforeDeploy: check.policy, image: v1 },
      {},
      { findEvidence: find },
    )
    return { outcome, here, isUntouched: stateOf(here) === before }
  } finally {
    await close()
  }
}

describe('verify-before-deploy', () => {
  test('rolls out an image that has everything', async () => {
    const { outcome, here } = await deploy([signature, scan('passed'), provenance()])
    expect(outcome.kind).toBe('passed')
    expect(here.log.lines.join('\n')).toContain('is proven by key SHA256:')
  })

  const other = digestOf('another image')
  test.each<[string, readonly Statement[], Signer | null, string]>([
    ['unsigned', [signature, scan('passed'), provenance()], null, 'it lacks a signature'],
    [
      'signed by a stranger',
      [signature, scan('passed'), provenance()],
      keySigner(stranger.privateKey),
      'a key that the policy does not name',
    ],
    [
      'with the evidence of another image',
      [signatureOf({ name: '', digest: other }), scan('passed', { name: '', digest: other }), provenance()],
      keySigner(ours.privateKey),
      `a statement about ${other}`,
    ],
    ['that is unscanned', [signature, provenance()], keySigner(ours.privateKey), 'the verdict of a scan'],
    [
      'that the scan refused',
      [signature, scan('refused'), provenance()],
      keySigner(ours.privateKey),
      'its scan ended refused: 2 CRITICAL',
    ],
    [
      'of another repository',
      [signature, scan('passed'), provenance('evil/fork')],
      keySigner(ours.privateKey),
      'its provenance names https://github.com/evil/fork',
    ],
  ])('refuses an image %s before the first write', async (_, statements, signer, sentence) => {
    const { outcome, isUntouched } = await deploy(statements, signer)
    expect(outcome.kind).toBe('refused')
    expect(outcome.because).toMatch(/^nothing was applied: /)
    expect(outcome.because).toContain(sentence)
    expect(isUntouched).toBe(true)
    expect(outcome.evidence.targets[0]).toMatchObject({ deployment: 'web', verdict: 'unchanged' })
  })

  test('ends without a write where the registry does not answer', async () => {
    const here = scenario()
    const before = stateOf(here)
    const findEvidence: FindEvidence = () => Promise.reject(new Error('registry is busy'))
    const run = here.run({ verifyBeforeDeploy: check.policy }, {}, { findEvidence })
    await expect(run).rejects.toThrow('registry is busy')
    expect(stateOf(here)).toBe(before)
  })

  test('asks only for deploy', async () => {
    const here = scenario()
    const findEvidence: FindEvidence = () => Promise.reject(new Error('asked'))
    const run = here.run({ operation: 'status', verifyBeforeDeploy: check.policy }, {}, { findEvidence })
    await expect(run).resolves.toBeDefined()
  })
})
