import { generateKeyPairSync } from 'node:crypto'
import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from '@jest/globals'
import { findProofs, kindOf, provenanceOf } from '@alt-las/evidence'
import { systemHttp } from '@alt-las/http'
import { fallbackTag, findReferrers, openRepository, type Digest } from '@alt-las/registry'
import { closedAfter, fakeClock, startRegistry, writeLayout, type WireRegistry } from '@alt-las/testing'
import { stage, writeScanReport } from '../testing/stage.ts'

const start = closedAfter(afterEach, startRegistry)

const ours = generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
const signing = {
  sign: 'key',
  'signing-key': ours.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
}

function opened({ host }: WireRegistry) {
  const at = { registry: host, repository: 'alt-las/api-gateway' }
  const options = { at, access: 'push', credentials: null, attempts: 1 } as const
  return openRepository(options, { http: systemHttp({}), clock: fakeClock() })
}

const proofsOf = async (registry: WireRegistry, digest: string) => {
  const found = await findProofs(opened(registry), digest as Digest, { keys: [ours.publicKey], roots: [] })
  return found.proofs.map(({ statement }) => kindOf(statement.predicateType)).toSorted()
}

async function documents() {
  const folder = await mkdtemp(join(tmpdir(), 'documents '))
  const write = async (name: string, document: object) => {
    const path = join(folder, name)
    await writeFile(path, JSON.stringify(document))
    return path
  }
  const build = {
    serverUrl: 'https://github.com',
    repository: 'ALT-LAS/delivery',
    sha: '0123',
    ref: 'refs/tags/v1.2.3',
    workflowRef: 'ALT-LAS/delivery/.github/workflows/release.yaml@refs/tags/v1.2.3',
    eventName: 'push',
    runId: '1',
    runAttempt: '1',
    runnerEnvironment: 'github-hosted',
    startedAt: 0,
    finishedAt: 1000,
    materials: [],
  }
  return {
    sbom: await write('image.spdx.json', { spdxVersion: 'SPDX-2.3', packages: [] }),
    provenance: await write('provenance.json', provenanceOf(build)),
  }
}

describe('a signed push', () => {
  test.each([false, true])(
    'leaves signature, SBOM, provenance and verdict beside the image (API: %s)',
    async (referrers) => {
      const registry = await start({ referrers })
      const layout = await writeLayout()
      const scan = { 'scan-report': await writeScanReport(layout.digest) }
      const { evidence } = await stage(registry).push({
        'oci-layout': layout.path,
        ...scan,
        ...signing,
        ...(await documents()),
      })
      expect(await proofsOf(registry, layout.digest)).toEqual(['provenance', 'sbom', 'scan', 'signature'])
      expect(evidence.digest).toBe(layout.digest)
      expect(evidence.attestations).toHaveLength(4)
      expect(evidence.signedBy).toMatch(/^key SHA256:/)
    },
  )

  test('is the same image, and its tags are set after its evidence', async () => {
    const registry = await start()
    const layout = await writeLayout()
    await stage(registry).push({ 'oci-layout': layout.path, ...signing })
    const puts = registry.requests.filter(
      ({ method, path }) => method === 'PUT' && path.includes('/manifests/'),
    )
    const at = (reference: string) => puts.findIndex(({ path }) => path.endsWith(`/manifests/${reference}`))
    expect(at(layout.digest)).toBe(0)
    expect(at(fallbackTag(layout.digest as Digest))).toBeLessThan(at('1.2.3'))
    expect(registry.state()).toContain(`tag alt-las/api-gateway 1.2.3 ${layout.digest}`)
  })

  test('that is run again adds nothing', async () => {
    const registry = await start()
    const layout = await writeLayout()
    const inputs = { 'oci-layout': layout.path, ...signing, ...(await documents()) }
    await stage(registry).push(inputs)
    const before = registry.state()
    const { evidence } = await stage(registry).push(inputs)
    expect(registry.state()).toEqual(before)
    expect(evidence.attestations.every(({ how }) => how === 'present')).toBe(true)
  })

  test('that breaks off anywhere sets no tag before the evidence is there, and can be run again', async () => {
    const layout = await writeLayout()
    const inputs = { 'oci-layout': layout.path, ...signing, attempts: '1' }
    const whole = await start()
    await stage(whole).push(inputs)
    for (let at = 1; at <= whole.requests.length; at += 1) {
      const registry = await start({ fate: (_, number) => (number === at ? 'reset' : 'serve') })
      const ended = await stage(registry)
        .push(inputs)
        .catch(() => null)
      const isTagged = registry.state().some((line) => line.startsWith('tag alt-las/api-gateway 1.2.3 '))
      if (isTagged) expect(await proofsOf(registry, layout.digest)).toEqual(['signature'])
      if (ended === null) await stage(registry).push(inputs)
      expect(await proofsOf(registry, layout.digest)).toContain('signature')
    }
  })
})

describe('without a signature', () => {
  test('SBOM and provenance lie beside the image, and a notice says that they prove nothing', async () => {
    const registry = await start()
    const layout = await writeLayout()
    const { evidence } = await stage(registry).push({ 'oci-layout': layout.path, ...(await documents()) })
    expect(await findReferrers(opened(registry), layout.digest as Digest)).toHaveLength(2)
    expect(await proofsOf(registry, layout.digest)).toEqual([])
    expect(evidence.notices.join()).toContain('sign is off')
  })

  test('and without documents the registry gets the image alone', async () => {
    const registry = await start({ referrers: true })
    const layout = await writeLayout()
    await stage(registry).push({ 'oci-layout': layout.path })
    expect(await findReferrers(opened(registry), layout.digest as Digest)).toEqual([])
  })
})

describe('an SBOM', () => {
  const platforms = [
    { os: 'linux', architecture: 'amd64' },
    { os: 'linux', architecture: 'arm64' },
  ]

  test('of each platform names the index and its own manifest', async () => {
    const registry = await start()
    const layout = await writeLayout({ platforms })
    const folder = await mkdtemp(join(tmpdir(), 'sboms-'))
    for (const one of ['linux-amd64', 'linux-arm64'])
      await writeFile(
        join(folder, `${one}.spdx.json`),
        JSON.stringify({ spdxVersion: 'SPDX-2.3', name: one }),
      )
    await stage(registry).push({ 'oci-layout': layout.path, sbom: folder, ...signing })
    expect(await proofsOf(registry, layout.digest)).toEqual(['sbom', 'sbom', 'signature'])
  })

  test('that lacks a platform, or is none, is refused before the first byte', async () => {
    const registry = await start()
    const layout = await writeLayout({ platforms })
    const folder = await mkdtemp(join(tmpdir(), 'sboms-'))
    await writeFile(join(folder, 'linux-amd64.spdx.json'), '{"spdxVersion":"SPDX-2.3"}')
    await writeFile(join(folder, 'other.json'), '{}')
    for (const [sbom, message] of [
      [folder, 'no file for the platform linux-arm64'],
      [join(folder, 'other.json'), 'expected SPDX or CycloneDX'],
    ] as const) {
      const error = await stage(registry)
        .push({ 'oci-layout': layout.path, sbom })
        .catch((thrown: unknown) => thrown)
      expect(String((error as Error).cause ?? error)).toContain(message)
    }
    expect(registry.requests).toEqual([])
  })
})
