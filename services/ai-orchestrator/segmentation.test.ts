import assert from 'node:assert/strict'
import { test } from 'node:test'
import { segmentationAt } from './segmentation.ts'

const base = 'http://segmentation'
const right = (): Response =>
  Response.json({ count: 1, segments: [{ index: 0, start: 0, end: 1, text: 'a' }] })

function answering(...answers: (() => Response)[]) {
  const asked: { readonly url: string; readonly headers: unknown; readonly body: unknown }[] = []
  const ask = ((url: string, init: RequestInit) => {
    asked.push({ url, headers: init.headers, body: init.body })
    return Promise.resolve().then(answers.shift() ?? right)
  }) as typeof fetch
  return { asked, split: segmentationAt(base, 5000, ask) }
}
const broken = (): never => {
  throw new TypeError('fetch failed')
}
const late = (): never => {
  throw new DOMException('timed out', 'TimeoutError')
}

test('the text goes out as JSON under the id of the request', async () => {
  const { asked, split } = answering()
  assert.deepEqual(await split('a', 'id-1'), {
    kind: 'split',
    segments: [{ index: 0, start: 0, end: 1, text: 'a' }],
  })
  const headers = { 'content-type': 'application/json', 'x-request-id': 'id-1' }
  assert.deepEqual(asked, [{ url: `${base}/segments`, headers, body: '{"text":"a"}' }])
})

test('a connection that broke is tried once again, since splitting changes nothing', async () => {
  const { asked, split } = answering(broken, right)
  assert.equal((await split('a', 'id')).kind, 'split')
  assert.equal(asked.length, 2)
})

test('a service that cannot be reached twice is broken', async () => {
  const { split } = answering(broken, broken)
  assert.deepEqual(await split('a', 'id'), { kind: 'broken', because: 'segmentation could not be reached' })
})

test('a timeout is not tried again', async () => {
  const { asked, split } = answering(late)
  assert.deepEqual(await split('a', 'id'), {
    kind: 'late',
    because: 'segmentation did not answer within 5 s',
  })
  assert.equal(asked.length, 1)
})

for (const [what, answer] of [
  ['an error', () => new Response('no', { status: 500 })],
  ['no JSON', () => new Response('{')],
  ['something else', () => Response.json({ segments: [{}] })],
  ['null', () => Response.json(null)],
] as const)
  test(`${what} as the answer is broken`, async () => {
    assert.equal((await answering(answer).split('a', 'id')).kind, 'broken')
  })
