import assert from 'node:assert/strict'
import { test } from 'node:test'
import { post, serving } from '../http/testing.ts'
import { segmentation } from './segmentation.ts'

test('POST /segments answers how many there are and each with its offsets', () =>
  serving(segmentation(), async (base) => {
    const response = await post(`${base}/segments`, { text: 'One. Two.' })
    assert.equal(response.status, 200)
    assert.deepEqual(await response.json(), {
      count: 2,
      segments: [
        { index: 0, start: 0, end: 4, text: 'One.' },
        { index: 1, start: 5, end: 9, text: 'Two.' },
      ],
    })
  }))

test('max bounds the length of a segment', () =>
  serving(segmentation(), async (base) => {
    const response = await post(`${base}/segments`, { text: 'alpha beta', max: 5 })
    assert.equal(((await response.json()) as { count: number }).count, 2)
  }))

for (const body of [{}, { text: 7 }, { text: 'x', max: 0 }, { text: 'x'.repeat(100_001) }])
  test(`${JSON.stringify(body).slice(0, 40)} is refused with 400`, () =>
    serving(segmentation(), async (base) => {
      assert.equal((await post(`${base}/segments`, body)).status, 400)
    }))
