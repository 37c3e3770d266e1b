import { afterEach, describe, expect, test } from '@jest/globals'
import {
  closedAfter,
  startRegistry,
  writeLayout,
  type Fate,
  type LayoutSpec,
  type WireRegistry,
} from '@alt-las/testing'
import { stage } from './testing/stage.ts'

const startOne = closedAfter(afterEach, startRegistry)
async function start(fate: (number: number) => Fate = () => 'serve'): Promise<WireRegistry> {
  const registry = await startOne({ fate: (_, number) => fate(number) })
  return registry
}

const platforms = ['amd64', 'arm64'].map((architecture) => ({ os: 'linux', architecture }))
// How many requests a whole push has is measured, not assumed.
const whole = async (spec: LayoutSpec = { platforms, layers: ['application'] }) => {
  const registry = await start()
  const layout = await writeLayout(spec)
  await stage(registry).push({ 'oci-layout': layout.path })
  return {
    layout,
    requests: registry.requests.length,
    /** Number of the last request that pushes a blob. */
    lastBlob:
      registry.requests.findLastIndex(({ method, path }) => method === 'PUT' && path.includes('/blobs/')) + 1,
    state: registry.state(),
    bytes: registry.receivedBytes(),
  }
}

describe('killed at any request and run again', () => {
  test.each<['before' | 'after', Fate]>([
    ['before', 'reset'],
    ['after', 'serve-then-reset'],
  ])('%s it was served: the end state is the same, and only missing blobs travel', async (_, blow) => {
    const { layout, requests, state, bytes } = await whole()
    expect(requests).toBeGreaterThan(20)
    for (let at = 1; at <= requests; at += 1) {
      const kill = new AbortController()
      const registry = await start((number) => {
        if (number !== at) return 'serve'
        kill.abort(new Error('interrupted by SIGINT'))
        return blow
      })
      const inputs = { 'oci-layout': layout.path, concurrency: '1' }
      const killed = stage(registry).push(inputs, { interrupted: kill.signal })
      await expect(killed).rejects.toMatchObject({ code: 'interrupted' })
      const outcome = await stage(registry).push(inputs)
      expect(registry.state()).toEqual(state)
      expect(outcome.evidence.tags).toEqual(['1.2.3', '1.2', 'latest'])
      // One at a time, no blob travels twice, whatever was lost: what is there is found before anything is sent.
      expect(registry.receivedBytes()).toBe(bytes)
    }
  })

  test('tags are never set before every manifest is there', async () => {
    const { layout, requests } = await whole()
    for (let at = 1; at <= requests; at += 1) {
      const kill = new AbortController()
      const registry = await start((number) => {
        if (number === at) kill.abort(new Error('interrupted by SIGTERM'))
        return 'serve'
      })
      await stage(registry)
        .push({ 'oci-layout': layout.path }, { interrupted: kill.signal })
        .catch(() => undefined)
      const state = registry.state()
      if (state.some((line) => line.startsWith('tag')))
        expect(state.filter((line) => line.startsWith('manifest'))).toHaveLength(3)
    }
  })

  test('the message says in one line what state is left', async () => {
    const { layout, requests, lastBlob } = await whole()
    const messageAt = async (at: number) => {
      const kill = new AbortController()
      const registry = await start((number) => {
        if (number === at) kill.abort(new Error('interrupted by SIGINT'))
        return 'serve'
      })
      const inputs = { 'oci-layout': layout.path, concurrency: '1' }
      return stage(registry)
        .push(inputs, { interrupted: kill.signal })
        .then(
          () => '',
          (error: unknown) => (error as Error).message,
        )
    }
    await expect(messageAt(1)).resolves.toBe('interrupted by SIGINT: nothing was pushed')
    await expect(messageAt(lastBlob)).resolves.toMatch(
      /^interrupted by SIGINT: no tag moved; \d+ blobs? (is|are) in the registry, harmless$/,
    )
    await expect(messageAt(requests)).resolves.toBe(
      'interrupted by SIGINT: set so far: 1.2.3, 1.2; no other tag moved',
    )
  })

  test('the timeout is told as such', async () => {
    const late = new AbortController()
    const registry = await start((number) => {
      if (number === 4) late.abort()
      return 'serve'
    })
    const pushing = stage(registry).push(
      { 'oci-layout': (await writeLayout()).path },
      { expire: () => late.signal },
    )
    await expect(pushing).rejects.toThrow('the timeout of 30m00s has passed: nothing was pushed')
  })
})

test('every single request may break once, and the push still succeeds at the first run', async () => {
  const { layout, requests, state } = await whole({})
  for (const blow of ['reset', 'serve-then-reset', { status: 502 }] as const) {
    for (let at = 1; at <= requests; at += 1) {
      const registry = await start((number) => (number === at ? blow : 'serve'))
      const { kind } = await stage(registry).push({ 'oci-layout': layout.path, concurrency: '1' })
      expect(kind).toBe('passed')
      expect(registry.state()).toEqual(state)
    }
  }
})
