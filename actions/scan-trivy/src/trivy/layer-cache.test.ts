import { expect, test } from '@jest/globals'
import { Failure } from '@alt-las/failure'
import { silentLog } from '@alt-las/testing'
import { withLayerCache, type CacheBackend } from './layer-cache.ts'

/** Plays one scan with a lock that `locked` names, and a cache that answers with `fault`. */
async function play({ locked = false, fault }: { locked?: boolean; fault?: Failure } = {}) {
  const log = silentLog()
  const events: string[] = []
  const lock = (path: string) => {
    events.push(`lock ${path}`)
    return locked ? null : () => void events.push('released')
  }
  const scan = (backend: CacheBackend): Promise<string> => {
    events.push(`scan ${backend}`)
    return fault !== undefined && backend === 'fs' ? Promise.reject(fault) : Promise.resolve(backend)
  }
  const result = withLayerCache('/cache', scan, { lock, log })
  return { result, events, log }
}

const failure = (code: string) => new Failure(code, 'cache may be in use', { fault: 'outside' })

test('a scan has the cache for itself', async () => {
  const { result, events } = await play()
  await expect(result).resolves.toBe('fs')
  expect(events).toEqual(['lock /cache/layers.lock', 'scan fs', 'released'])
})

test('a scan beside another one neither waits nor uses its cache', async () => {
  const { result, events } = await play({ locked: true })
  await expect(result).resolves.toBe('memory')
  expect(events).toEqual(['lock /cache/layers.lock', 'scan memory'])
})

test('a cache that cannot be used costs time only', async () => {
  const { result, events } = await play({ fault: failure('layer-cache-unusable') })
  await expect(result).resolves.toBe('memory')
  expect(events).toEqual(['lock /cache/layers.lock', 'scan fs', 'scan memory', 'released'])
})

test('every other fault stays one, and the cache is let go', async () => {
  const { result, events } = await play({ fault: failure('scan-failed') })
  await expect(result).rejects.toMatchObject({ code: 'scan-failed' })
  expect(events.at(-1)).toBe('released')
})
