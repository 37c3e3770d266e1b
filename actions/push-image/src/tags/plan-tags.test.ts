import { afterEach, describe, expect, test } from '@jest/globals'
import { startRegistry, writeLayout, type WireRegistry, type WireRegistryOptions } from '@alt-las/testing'
import { stage } from '../testing/stage.ts'

const running: WireRegistry[] = []
afterEach(async () => {
  for (const registry of running.splice(0)) await registry.close()
})
async function start(options: WireRegistryOptions): Promise<WireRegistry> {
  const registry = await startRegistry(options)
  running.push(registry)
  return registry
}

describe('a registry that denies the list of tags', () => {
  const denied: WireRegistryOptions = {
    fate: ({ path }) => (path.includes('/tags/list') ? { status: 403 } : 'serve'),
  }

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
