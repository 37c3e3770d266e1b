import assert from 'node:assert/strict'
import { Agent, get } from 'node:http'
import { test } from 'node:test'
import { json } from './reply.ts'
import type { Route } from './route.ts'
import { serve } from './serve.ts'
import { identity, silent } from './testing.ts'

const quick: Route = { method: 'GET', path: '/quick', handle: () => json(200, {}) }
const drain = { drainMs: 5000, finishMs: 15_000 }

function begin(routes: readonly Route[], pause: (ms: number) => Promise<void>) {
  return serve({ identity, imageDigest: null, routes, dependencies: [], log: silent }, 0, pause)
}

test('while it drains it is not ready, serves on, and asks clients to connect elsewhere', async () => {
  const drained = Promise.withResolvers<undefined>()
  const running = await begin([quick], (ms) => (ms === 5000 ? drained.promise : new Promise(() => undefined)))
  const base = `http://127.0.0.1:${running.port}`
  const stopped = running.stop(drain)
  const ready = await fetch(`${base}/readyz`)
  assert.equal(ready.status, 503)
  assert.deepEqual(await ready.json(), { ready: false, missing: ['the process is stopping'] })
  const served = await fetch(`${base}/quick`)
  assert.equal(served.status, 200)
  assert.equal(served.headers.get('connection'), 'close')
  drained.resolve(undefined)
  await stopped
  await assert.rejects(fetch(`${base}/quick`))
})

test('a request that is under way at the end of the drain is answered before the stop', async () => {
  const arrived = Promise.withResolvers<undefined>()
  const work = Promise.withResolvers<undefined>()
  const slow: Route = {
    method: 'GET',
    path: '/slow',
    async handle() {
      arrived.resolve(undefined)
      await work.promise
      return json(200, { done: true })
    },
  }
  const running = await begin([slow], (ms) =>
    ms === 5000 ? Promise.resolve() : new Promise(() => undefined),
  )
  const answer = fetch(`http://127.0.0.1:${running.port}/slow`)
  await arrived.promise
  const stopped = running.stop(drain)
  work.resolve(undefined)
  assert.deepEqual(await (await answer).json(), { done: true })
  await stopped
})

test('a request that does not end is cut after the time to finish', async () => {
  const arrived = Promise.withResolvers<undefined>()
  const stuck: Route = {
    method: 'GET',
    path: '/stuck',
    handle() {
      arrived.resolve(undefined)
      return new Promise(() => undefined)
    },
  }
  const running = await begin([stuck], () => Promise.resolve())
  const answer = assert.rejects(fetch(`http://127.0.0.1:${running.port}/stuck`))
  await arrived.promise
  await running.stop(drain)
  await answer
})

test('an idle kept connection does not hold up the stop', async () => {
  const running = await begin([quick], (ms) =>
    ms === 5000 ? Promise.resolve() : new Promise(() => undefined),
  )
  const agent = new Agent({ keepAlive: true })
  await new Promise<void>((resolve, reject) => {
    const request = get(`http://127.0.0.1:${running.port}/quick`, { agent }, (response) => {
      response.resume().on('end', resolve)
    })
    request.on('error', reject)
  })
  await running.stop(drain)
  agent.destroy()
})

test('a port that is taken is an error', async () => {
  const first = await begin([], () => Promise.resolve())
  await assert.rejects(
    serve({ identity, imageDigest: null, routes: [], dependencies: [], log: silent }, first.port),
    { code: 'EADDRINUSE' },
  )
  await first.stop({ drainMs: 0, finishMs: 0 })
})
