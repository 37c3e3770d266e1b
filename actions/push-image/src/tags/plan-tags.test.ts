import { afterEach, describe, expect, test } from '@jest/globals'
import { closedAfter, startRegistry, writeLayout, type WireRegistryOptions } from '@alt-las/testing'
import { released, stage } from '../testing/stage.ts'

const start = closedAfter(afterEach, startRegistry)

const version = (text: string) => ({ 'org.opencontainers.image.version': text })

describe('where a floating tag points to now', () => {
  const at = (ref: string) => ({ environment: released(ref) })

  test('is told by a tag of a whole version', async () => {
    const registry = await start({})
    const older = await writeLayout({ layers: ['older'] })
    await stage(registry).push({ 'oci-layout': older.path }, at('refs/tags/v1.2.2'))
    const { evidence } = await stage(registry).push({ 'oci-layout': (await writeLayout()).path })
    expect(evidence.tagOutcome['1.2']).toMatchObject({ outcome: 'moved' })
  })

  test('is looked up once for all tags that float', async () => {
    const registry = await start({})
    const older = await writeLayout({ layers: ['older'] })
    await stage(registry).push({ 'oci-layout': older.path }, at('refs/tags/v1.2.2'))
    const begun = registry.requests.length
    const { evidence } = await stage(registry).push({ 'oci-layout': (await writeLayout()).path })
    expect(Object.keys(evidence.tagOutcome)).toEqual(expect.arrayContaining(['1.2', 'latest']))
    const asked = registry.requests.slice(begun).filter(({ path }) => path.endsWith('/manifests/1.2.2'))
    expect(asked).toHaveLength(1)
  })

  test.each<[string, Record<string, string>, string]>([
    ['by its label, where no version tag is left', version('1.2.2'), 'moved'],
    ['by a label of a higher version', version('1.2.9'), 'held-back'],
    ['not at all', {}, 'held-back'],
    ['not by a label that is no version', version('main'), 'held-back'],
  ])('is told %s', async (_, labels, outcome) => {
    const registry = await start({})
    const before = await writeLayout({ layers: ['before'], labels })
    await stage(registry).push({ 'oci-layout': before.path, tags: 'type=sha' })
    registry.setTag('alt-las/api-gateway', '1.2', before.digest)
    const { evidence } = await stage(registry).push({ 'oci-layout': (await writeLayout()).path })
    expect(evidence.tagOutcome['1.2']).toMatchObject({ outcome })
  })

  test('is told by the label of an index', async () => {
    const registry = await start({})
    const platforms = [{ os: 'linux', architecture: 'amd64' }]
    const before = await writeLayout({ platforms, labels: version('1.9.0') })
    await stage(registry).push({ 'oci-layout': before.path, tags: 'type=sha' })
    registry.setTag('alt-las/api-gateway', 'latest', before.digest)
    const { evidence } = await stage(registry).push({ 'oci-layout': (await writeLayout()).path })
    expect(evidence.tagOutcome['latest']?.because).toBe('it points to the higher version 1.9.0')
  })
})

describe('a registry that denies the list of tags', () => {
  const denied: WireRegistryOptions = {
    fate: ({ path }) => (path.includes('/tags/list') ? { status: 403 } : 'serve'),
  }

  test.each([401, 403, 405, 501])('with %d is not asked again', async (status) => {
    const registry = await start({ fate: ({ path }) => (path.includes('/tags/list') ? { status } : 'serve') })
    const outcome = await stage(registry).push({ 'oci-layout': (await writeLayout()).path })
    expect(outcome).toMatchObject({ kind: 'passed', evidence: { tags: ['1.2.3'] } })
  })

  test('does not matter where no tag floats', async () => {
    const registry = await start(denied)
    const { path } = await writeLayout()
    const outcome = await stage(registry).push({ 'oci-layout': path, tags: 'type=sha' })
    expect(outcome).toMatchObject({ kind: 'passed', evidence: { tags: ['sha-0123456'] } })
    expect(registry.requests.some((request) => request.path.includes('/tags/list'))).toBe(false)
  })

  test('moves no floating tag, and says what is missing', async () => {
    const registry = await start(denied)
    const { path } = await writeLayout()
    const outcome = await stage(registry).push({ 'oci-layout': path })
    expect(outcome).toMatchObject({ kind: 'passed', evidence: { tags: ['1.2.3'] } })
    expect(outcome.evidence.notices.slice(1)).toEqual([
      expect.stringContaining('1.2 was not moved: these credentials may not list tags'),
      expect.stringContaining('latest was not moved'),
    ])
  })
})
