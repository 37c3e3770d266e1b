import { afterEach, describe, expect, test } from '@jest/globals'
import { digestOf } from '@alt-las/registry'
import { closedAfter, startRegistry, writeLayout, type WireRegistry } from '@alt-las/testing'
import { outputsOf, summarize } from './summary.ts'
import { released, stage, writeScanReport } from './testing/stage.ts'

const start = closedAfter(afterEach, startRegistry)

const repository = 'alt-las/api-gateway'
const writes = (registry: WireRegistry) =>
  registry.requests.filter(
    ({ method, path }) => method === 'PUT' || (method === 'POST' && path.includes('mount=')),
  )

describe('a push', () => {
  test('brings blobs, then manifests by digest, then tags', async () => {
    const registry = await start()
    const layout = await writeLayout()
    const report = await writeScanReport(layout.digest)
    const outcome = await stage(registry).push({ 'oci-layout': layout.path, 'scan-report': report })
    expect(outcome.kind).toBe('passed')
    expect(registry.state().filter((line) => !line.startsWith('blob'))).toEqual([
      `manifest ${repository} ${layout.digest}`,
      `tag ${repository} 1.2 ${layout.digest}`,
      `tag ${repository} 1.2.3 ${layout.digest}`,
      `tag ${repository} latest ${layout.digest}`,
    ])
    const puts = writes(registry).map(({ path }) => path.replace(/\?.*/, '').split('/').slice(4, 6).join('/'))
    expect(puts).toEqual([
      ...layout.blobs.map(() => 'blobs/uploads'),
      `manifests/${layout.digest}`,
      'manifests/1.2.3',
      'manifests/1.2',
      'manifests/latest',
    ])
    expect(outcome.subject?.image).toBe(`${registry.host}/${repository}@${layout.digest}`)
    expect(outputsOf(outcome)).toMatchObject({
      digest: layout.digest,
      tags: '1.2.3\n1.2\nlatest',
      'skipped-bytes': '0',
    })
    expect(outcome.evidence.scan?.because).toBe('clean')
  })

  test('an index brings its images, and the digest is the index', async () => {
    const registry = await start()
    const platforms = ['amd64', 'arm64'].map((architecture) => ({ os: 'linux', architecture }))
    const layout = await writeLayout({ platforms })
    const { evidence } = await stage(registry).push({ 'oci-layout': layout.path })
    expect(evidence).toMatchObject({ digest: layout.digest, platforms: ['linux/amd64', 'linux/arm64'] })
    expect(evidence.manifests).toHaveLength(3)
  })

  test('again: nothing changes, nothing travels', async () => {
    const registry = await start()
    const { path } = await writeLayout()
    await stage(registry).push({ 'oci-layout': path })
    const before = { state: registry.state(), writes: writes(registry).length }
    const outcome = await stage(registry).push({ 'oci-layout': path })
    expect(outcome.because).toContain('was already in the registry; nothing changed')
    expect(outcome.evidence.pushedBytes).toBe(0)
    expect({ state: registry.state(), writes: writes(registry).length }).toEqual(before)
  })

  test('of the next version only what is new travels', async () => {
    const registry = await start()
    await stage(registry).push({ 'oci-layout': (await writeLayout({ layers: ['base', 'old'] })).path })
    const { path, digest } = await writeLayout({ layers: ['base', 'new'], labels: { version: '1.2.4' } })
    const environment = released('refs/tags/v1.2.4')
    const { evidence } = await stage(registry).push({ 'oci-layout': path }, { environment })
    expect(evidence.blobs.filter(({ how }) => how === 'present').map((blob) => blob.digest)).toEqual([
      digestOf('base'),
    ])
    expect(evidence.tagOutcome['latest']).toMatchObject({ outcome: 'moved' })
    expect(registry.state()).toContain(`tag ${repository} 1.2 ${digest}`)
  })

  test('a layer that a sibling has is mounted', async () => {
    const registry = await start()
    const layers = ['a base image that is large']
    const image = `${registry.host}/alt-las/other`
    await stage(registry).push({ 'oci-layout': (await writeLayout({ layers })).path, image })
    const { path } = await writeLayout({ layers, labels: { other: 'yes' } })
    const { evidence } = await stage(registry).push({ 'oci-layout': path, 'mount-from': image })
    expect(evidence.blobs.find(({ digest }) => digest === digestOf(layers[0]!))?.how).toBe('mounted')
    expect(evidence.skippedBytes).toBe(layers[0]!.length)
  })

  test('a repeated release of an older version leaves the newer tags where they are', async () => {
    const registry = await start()
    const newer = await writeLayout({ layers: ['newer'] })
    const at = (ref: string) => ({ environment: released(ref) })
    await stage(registry).push({ 'oci-layout': newer.path }, at('refs/tags/v1.3.0'))
    const { evidence } = await stage(registry).push({ 'oci-layout': (await writeLayout()).path })
    expect(evidence.tags).toEqual(['1.2.3', '1.2'])
    expect(evidence.tagOutcome['latest']).toMatchObject({
      outcome: 'held-back',
      because: 'the higher version 1.3.0 exists',
    })
    expect(registry.state()).toContain(`tag ${repository} latest ${newer.digest}`)
  })

  test('without a tag for the ref the image is pushed by digest alone', async () => {
    const registry = await start()
    const { path, digest } = await writeLayout()
    const environment = released('refs/heads/main')
    const outcome = await stage(registry).push({ 'oci-layout': path }, { environment })
    expect(outcome).toMatchObject({ kind: 'passed', evidence: { tags: [], digest } })
    expect(registry.state().some((line) => line.startsWith('tag'))).toBe(false)
  })
})

describe('a push that fails', () => {
  test('keeps what it had done for its document: blobs, manifests, the tags that were set', async () => {
    const registry = await start({
      fate: ({ method, path }) =>
        method === 'PUT' && path.endsWith('/manifests/latest') ? { status: 400 } : 'serve',
    })
    const layout = await writeLayout()
    const scene = stage(registry)
    await expect(scene.push({ 'oci-layout': layout.path })).rejects.toMatchObject({
      code: 'registry-refused',
    })
    const image = `${registry.host}/${repository}@${layout.digest}`
    expect(scene.known()).toMatchObject({
      subject: { image, digest: layout.digest },
      outputs: { image, digest: layout.digest, tags: '1.2.3\n1.2' },
      evidence: { tags: ['1.2.3', '1.2'], manifests: [layout.digest], platforms: ['linux/amd64'] },
    })
    expect(scene.known().timings.map(({ name }) => name)).toContain('tags')
  })

  test('keeps the blobs that were pushed before the manifest failed', async () => {
    const registry = await start({
      fate: ({ method, path }) =>
        method === 'PUT' && path.includes('/manifests/') ? { status: 400 } : 'serve',
    })
    const layout = await writeLayout()
    const scene = stage(registry)
    await expect(scene.push({ 'oci-layout': layout.path })).rejects.toThrow()
    expect(scene.known().evidence).toMatchObject({ blobs: layout.blobs.map(() => ({ how: 'pushed' })) })
    expect(scene.known().outputs).toEqual({ digest: layout.digest })
  })
})

describe('a refusal writes nothing', () => {
  test('an immutable tag that points elsewhere', async () => {
    const registry = await start()
    await stage(registry).push({ 'oci-layout': (await writeLayout()).path })
    const before = { state: registry.state(), writes: writes(registry).length }
    const { path, digest } = await writeLayout({ layers: ['other'] })
    const outcome = await stage(registry).push({ 'oci-layout': path })
    expect(outcome.kind).toBe('refused')
    expect(outcome.because).toMatch(/^nothing was pushed: 1\.2\.3 is immutable and points to sha256:/)
    expect(outcome.evidence).toMatchObject({ digest, image: null, tags: [] })
    expect({ state: registry.state(), writes: writes(registry).length }).toEqual(before)
  })

  test.each([
    ['refused', { outcome: 'refused' as const, because: '3 critical' }, '3 critical'],
    ['failed', { outcome: 'failed' as const, because: 'no database' }, 'no database'],
    [
      'failed before it saw an image',
      { outcome: 'failed' as const, because: 'no database', subject: { service: 'web' } },
      'nothing was pushed: the scan failed: no database',
    ],
    ['about another digest', { subject: { service: 'web', digest: digestOf('other') } }, digestOf('other')],
  ])('a scan that %s: not a single request', async (_, overrides, because) => {
    const registry = await start()
    const { path, digest } = await writeLayout()
    const report = await writeScanReport(digest, overrides)
    const outcome = await stage(registry).push({ 'oci-layout': path, 'scan-report': report })
    expect(outcome.kind).toBe('refused')
    expect(outcome.because).toContain(because)
    expect(registry.requests).toEqual([])
  })

  test('a scan report that is missing is a failure, and nothing is asked of the registry', async () => {
    const registry = await start()
    const { path } = await writeLayout()
    const pushing = stage(registry).push({ 'oci-layout': path, 'scan-report': '/nonexistent/outcome.json' })
    await expect(pushing).rejects.toMatchObject({ code: 'no-scan-report', fault: 'input' })
    expect(registry.requests).toEqual([])
  })
})

describe('credentials', () => {
  const auth = { kind: 'basic', username: 'bot', password: 's3cret' } as const

  test('username and password come before the docker configuration', async () => {
    const registry = await start({ auth })
    const fromDocker = () => Promise.reject(new Error('must not be asked'))
    const inputs = { operation: 'preflight', username: 'bot', password: 's3cret' }
    expect((await stage(registry).push(inputs, { fromDocker })).kind).toBe('passed')
  })

  test("the job's token goes to ghcr.io only", async () => {
    const registry = await start({ auth })
    const outcome = await stage(registry).push({ operation: 'preflight', 'github-token': 'ghs_secret' })
    expect(outcome.kind).toBe('refused')
    expect(registry.requests.every(({ authorization }) => authorization === null)).toBe(true)
    const seen: unknown[] = []
    const image = 'ghcr.io/alt-las/x'
    const open = (options: { credentials: unknown }) => {
      seen.push(options.credentials)
      throw new Error('stop')
    }
    const asking = stage(registry).push(
      { operation: 'preflight', image, 'github-token': 'ghs_secret' },
      { open },
    )
    await expect(asking).rejects.toThrow('stop')
    expect(seen).toEqual([{ kind: 'basic', username: 'somebody', password: 'ghs_secret' }])
  })

  test('no secret is in the log, the outcome or the summary', async () => {
    const registry = await start({ auth })
    const scene = stage(registry)
    const secrets = { username: 'bot', password: 's3cret', 'github-token': 'ghs_secret' }
    const outcome = await scene.push({ 'oci-layout': (await writeLayout()).path, ...secrets })
    const all = JSON.stringify([outcome, scene.log.lines, summarize(outcome)])
    expect(all).not.toMatch(/s3cret|ghs_secret|Ym90OnMzY3JldA/)
  })
})

describe('a race for a tag', () => {
  test.each([
    ['after the look and before the PUT', 'before'],
    ['after the PUT', 'after'],
  ])('that another push wins %s is told', async (_, moment) => {
    let registry: WireRegistry | null = null
    let looks = 0
    registry = await start({
      fate: ({ method, path }) => {
        if (!path.endsWith('/manifests/1.2.3')) return 'serve'
        if (method === 'HEAD') looks += 1
        // 1: the plan; 2: right before the PUT; 3: right after it.
        if (method === 'HEAD' && looks === (moment === 'before' ? 2 : 3))
          registry?.setTag(repository, '1.2.3', digestOf('the rival'))
        return 'serve'
      },
    })
    const pushing = stage(registry).push({ 'oci-layout': (await writeLayout()).path })
    await expect(pushing).rejects.toMatchObject({
      code: 'tag-race',
      hint: expect.stringContaining('no tag moved'),
    })
  })
})
