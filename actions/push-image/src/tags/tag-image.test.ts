import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from '@jest/globals'
import { closedAfter, outcomeDocument, startRegistry, writeLayout } from '@alt-las/testing'
import { released, stage } from '../testing/stage.ts'

const start = closedAfter(afterEach, startRegistry)

const floating =
  'type=semver,pattern={{version}}\ntype=semver,pattern={{major}}.{{minor}}\ntype=semver,pattern={{major}}\ntype=semver,pattern=latest'
const only = 'type=semver,pattern={{version}}'

async function verified(outcome: 'passed' | 'refused'): Promise<string> {
  const path = join(await mkdtemp(join(tmpdir(), 'verify-')), 'outcome.json')
  await writeFile(path, JSON.stringify(outcomeDocument('verify', { outcome, because: 'of p99' })))
  return path
}

async function world() {
  const registry = await start()
  const at = (version: string) => ({ environment: released(`refs/tags/v${version}`) })
  const push = async (version: string) => {
    const layout = await writeLayout({ layers: [version] })
    await stage(registry).push({ 'oci-layout': layout.path, tags: only }, at(version))
    return layout.digest
  }
  const tag = async (version: string, inputs: Record<string, string>) =>
    stage(registry).push(
      { operation: 'tag', tags: floating, 'scan-report': '', 'verify-report': 'none', ...inputs },
      at(version),
    )
  const tags = () =>
    Object.fromEntries(
      registry
        .state()
        .filter((line) => line.startsWith('tag '))
        .map((line) => line.split(' ').slice(2) as [string, string]),
    )
  return { registry, push, tag, tags }
}

describe('operation tag', () => {
  test('moves the floating tags to the digest, and nothing else', async () => {
    const { push, tag, tags, registry } = await world()
    const digest = await push('1.2.3')
    const before = registry.state()
    const { evidence, because } = await tag('1.2.3', { digest, 'verify-report': await verified('passed') })
    expect(tags()).toEqual({ '1.2.3': digest, '1.2': digest, '1': digest, latest: digest })
    expect(registry.state().filter((line) => !line.startsWith('tag '))).toEqual(
      before.filter((line) => !line.startsWith('tag ')),
    )
    expect(evidence).toMatchObject({ operation: 'tag', digest, tags: ['1.2.3', '1.2', '1', 'latest'] })
    expect(because).toMatch(/^1\.2, 1, latest moved to /)
  })

  test('moves none where production is not verified', async () => {
    const { push, tag, tags } = await world()
    const digest = await push('1.2.3')
    const outcome = await tag('1.2.3', { digest, 'verify-report': await verified('refused') })
    expect(outcome.because).toBe('no tag moved: production is not verified: verify refused, of p99')
    expect(tags()).toEqual({ '1.2.3': digest })
  })

  test('moves none to a digest that is not there, and none to another image than the version’s', async () => {
    const { push, tag, tags } = await world()
    const [first, second] = [await push('1.2.3'), await push('1.2.4')]
    const absent = `sha256:${'0'.repeat(64)}`
    expect((await tag('1.3.0', { digest: absent })).because).toContain('is not in the registry')
    expect((await tag('1.2.4', { digest: first })).because).toContain('1.2.4 is immutable')
    expect(tags()).toEqual({ '1.2.3': first, '1.2.4': second })
  })

  test('never goes to an older version by itself', async () => {
    const { push, tag, tags } = await world()
    const [older, newer] = [await push('1.2.3'), await push('1.3.0')]
    await tag('1.3.0', { digest: newer })
    const { evidence } = await tag('1.2.3', { digest: older })
    expect(tags()).toMatchObject({ latest: newer, '1': newer, '1.2': older, '1.3': newer })
    expect(evidence.tagOutcome['latest']).toMatchObject({ outcome: 'held-back' })
  })

  test('reports a tag that another run moves at the same time', async () => {
    const { registry, push } = await world()
    const digest = await push('1.2.3')
    const other = `sha256:${'1'.repeat(64)}`
    const begun = registry.requests.length
    expect(begun).toBeGreaterThan(0)
    const racing = stage(registry).push(
      { operation: 'tag', tags: floating, 'scan-report': '', 'verify-report': 'none', digest },
      {
        environment: released('refs/tags/v1.2.3'),
        log: {
          ...stage(registry).log,
          line: (text: string) => {
            if (text.startsWith('latest: create')) registry.setTag('alt-las/api-gateway', 'latest', other)
          },
        },
      },
    )
    await expect(racing).rejects.toMatchObject({ code: 'tag-race' })
  })
})

describe('operation tag with to-release', () => {
  test('moves back what points to the release that was rolled back', async () => {
    const { push, tag, tags } = await world()
    const [older, newer] = [await push('1.2.5'), await push('1.3.0')]
    await tag('1.2.5', { digest: older })
    await tag('1.3.0', { digest: newer })
    const { evidence } = await tag('1.3.0', { release: 'v1.3.0', 'to-release': 'v1.2.5' })
    expect(tags()).toEqual({
      '1.2.5': older,
      '1.3.0': newer,
      '1.2': older,
      '1.3': newer,
      '1': older,
      latest: older,
    })
    expect(evidence.notices).toContain(
      '1.3 was not moved: it points to v1.3.0, and v1.2.5 is no version of its range',
    )
    expect(evidence.digest).toBe(older)
  })

  test('leaves a tag that a later release has moved on', async () => {
    const { push, tag, tags } = await world()
    const digests = { old: await push('1.2.5'), bad: await push('1.3.0'), next: await push('1.4.0') }
    await tag('1.2.5', { digest: digests.old })
    await tag('1.3.0', { digest: digests.bad })
    await tag('1.4.0', { digest: digests.next })
    await tag('1.3.0', { release: 'v1.3.0', 'to-release': 'v1.2.5' })
    expect(tags()).toMatchObject({ latest: digests.next, '1': digests.next })
  })

  test('twice ends where once ends', async () => {
    const { push, tag, tags } = await world()
    const [older, newer] = [await push('1.2.5'), await push('1.3.0')]
    await tag('1.3.0', { digest: newer })
    await tag('1.3.0', { release: 'v1.3.0', 'to-release': 'v1.2.5' })
    const once = tags()
    expect((await tag('1.3.0', { release: 'v1.3.0', 'to-release': 'v1.2.5' })).kind).toBe('passed')
    expect(tags()).toEqual(once)
    expect(once['latest']).toBe(older)
  })

  test('says which release is not in the registry', async () => {
    const { push, tag } = await world()
    await push('1.3.0')
    const { kind, because } = await tag('1.3.0', { release: 'v1.3.0', 'to-release': 'v1.2.5' })
    expect(kind).toBe('refused')
    expect(because).toContain('has no tag of the version v1.2.5')
  })
})
