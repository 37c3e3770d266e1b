import assert from 'node:assert/strict'
import { test } from 'node:test'
import { answers, dependency, remembered } from './dependency.ts'
import { json } from './reply.ts'
import type { Route } from './route.ts'
import { serving } from './testing.ts'

const here = dependency('here', () => Promise.resolve())
const gone = dependency('database', () => Promise.reject(new Error('connection refused')))

test('/readyz is 503 and names what is missing, while /healthz stays 200', () =>
  serving(
    [],
    async (base) => {
      const ready = await fetch(`${base}/readyz`)
      assert.equal(ready.status, 503)
      assert.deepEqual(await ready.json(), { ready: false, missing: ['database: connection refused'] })
      assert.equal((await fetch(`${base}/healthz`)).status, 200)
    },
    { dependencies: [here, gone] },
  ))

test('/readyz is 200 once nothing is missing', () =>
  serving(
    [],
    async (base) =>
      assert.deepEqual(await (await fetch(`${base}/readyz`)).json(), { ready: true, missing: [] }),
    {
      dependencies: [here],
    },
  ))

test('/version gives service, version, revision and image', () =>
  serving([], async (base) => {
    const told = { service: 'sample', version: 'v1.2.3', revision: 'c0ffee', imageDigest: null }
    assert.deepEqual(await (await fetch(`${base}/version`)).json(), told)
  }))

test('/metrics counts requests by code, method and route, and their latency in a histogram', () => {
  const item: Route = {
    method: 'GET',
    path: '/items/:id',
    handle: ({ params }) => json(params['id'] === '1' ? 200 : 404, {}),
  }
  return serving([item], async (base) => {
    for (const id of [1, 1, 2]) await (await fetch(`${base}/items/${id}`)).text()
    await (await fetch(`${base}/nowhere/secret`)).text()
    const text = await (await fetch(`${base}/metrics`)).text()
    assert.match(text, /^http_requests_total\{code="200",method="GET",route="\/items\/:id"\} 2$/m)
    assert.match(text, /^http_requests_total\{code="404",method="GET",route="\/items\/:id"\} 1$/m)
    assert.match(text, /^http_requests_total\{code="404",method="GET",route="none"\} 1$/m)
    assert.match(
      text,
      /^http_request_duration_seconds_bucket\{method="GET",route="\/items\/:id",le="\+Inf"\} 3$/m,
    )
    assert.match(text, /^http_request_duration_seconds_count\{method="GET",route="\/items\/:id"\} 3$/m)
    assert.match(text, /^process_start_time_seconds \d+/m)
    assert.match(
      text,
      /^service_info\{service="sample",version="v1\.2\.3",revision="c0ffee",pod="[^"]+"\} 1$/m,
    )
    assert.match(text, /^process_cpu_seconds_total \d/m)
    assert.doesNotMatch(text, /secret/)
  })
})

test('a remembered dependency is asked until it was seen, and again once it is doubted', async () => {
  const seen: (string | null)[] = ['not yet', null, 'gone']
  const asked = remembered({ name: 'x', missing: () => Promise.resolve(seen.shift() ?? null) })
  assert.equal(await asked.missing(), 'not yet')
  assert.equal(await asked.missing(), null)
  assert.equal(await asked.missing(), null)
  asked.doubt()
  assert.equal(await asked.missing(), 'gone')
})

test('a dependency over HTTP is missing while it answers anything but 2xx, or nothing', () =>
  serving(
    [],
    async (base) => {
      assert.equal(await answers('up', `${base}/healthz`, 1000).missing(), null)
      assert.match(
        (await answers('up', `${base}/readyz`, 1000).missing()) ?? '',
        /^up: .*answered 503, expected 2xx$/,
      )
      assert.match((await answers('down', 'http://127.0.0.1:1/', 1000).missing()) ?? '', /^down: /)
    },
    { dependencies: [gone] },
  ))
