import { afterEach, describe, expect, test } from '@jest/globals'
import { closedAfter, startRegistry, writeLayout } from '@alt-las/testing'
import { summarize } from './summary.ts'
import { stage } from './testing/stage.ts'

const start = closedAfter(afterEach, startRegistry)

describe('preflight', () => {
  test('passes where an upload can be opened, and cancels it', async () => {
    const registry = await start()
    const outcome = await stage(registry).push({ operation: 'preflight' })
    expect(outcome.kind).toBe('passed')
    expect(registry.requests.map(({ method }) => method)).toEqual(['POST', 'DELETE'])
    expect(registry.state()).toEqual([])
  })

  test.each([401, 403])('%d is a no, with what is missing', async (status) => {
    const body = JSON.stringify({ errors: [{ code: 'DENIED', message: 'permission_denied: write_package' }] })
    const registry = await start({ fate: () => ({ status, body }) })
    const outcome = await stage(registry).push({ operation: 'preflight' })
    expect(outcome.kind).toBe('refused')
    expect(outcome.because).toContain('DENIED: permission_denied: write_package')
    expect(summarize(outcome).title).toContain('preflight refused')
  })

  test('asks for several repositories at once, and names each that cannot be written to', async () => {
    const registry = await start({
      fate: ({ path }) => (path.includes('/open/') ? 'serve' : { status: 403, body: '' }),
    })
    const image = ['open', 'closed', 'locked'].map((name) => `${registry.host}/alt-las/${name}`).join('\n')
    const outcome = await stage(registry).push({ operation: 'preflight', image })
    expect(outcome.kind).toBe('refused')
    expect(outcome.because).toMatch(/alt-las\/closed cannot be written to.*; .*alt-las\/locked cannot be/)
    expect(outcome.because).not.toContain('alt-las/open')
    expect(outcome.subject?.target).toBe(image.replaceAll('\n', ', '))
  })

  test('a registry that is down is a failure, not a no', async () => {
    const registry = await start({ fate: () => ({ status: 503 }) })
    await expect(stage(registry).push({ operation: 'preflight' })).rejects.toMatchObject({
      code: 'registry-busy',
    })
  })

  test('in a push a no of the registry is a failure, before the first byte', async () => {
    const registry = await start({ fate: () => ({ status: 403 }) })
    const pushing = stage(registry).push({ 'oci-layout': (await writeLayout()).path })
    await expect(pushing).rejects.toMatchObject({ code: 'registry-denied' })
    expect(registry.requests).toHaveLength(1)
  })
})
