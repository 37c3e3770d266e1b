import assert from 'node:assert/strict'
import { test } from 'node:test'
import { post, serving } from '../http/testing.ts'
import { orchestrator } from './orchestrator.ts'
import type { AskSegmentation, Split } from './segmentation.ts'

const sentences: AskSegmentation = (text) =>
  Promise.resolve({ kind: 'split', segments: text.split(/(?<=\.) /).map((part) => ({ text: part })) })
const failing =
  (split: Split): AskSegmentation =>
  () =>
    Promise.resolve(split)

function asked<T>(
  split: AskSegmentation,
  body: unknown,
  see: (response: Response, doubts: number) => Promise<T>,
) {
  let doubts = 0
  const doubt = (): void => void (doubts += 1)
  return serving(orchestrator({ split, doubt }), async (base) =>
    see(await post(`${base}/results`, body), doubts),
  )
}

test('the chain answers summary, keywords and the number of segments', () =>
  asked(sentences, { text: 'Canary works. It is so. Canary wins.', sentences: 2 }, async (response) => {
    assert.equal(response.status, 200)
    const { id, ...result } = (await response.json()) as { id: string }
    assert.match(id, /^[0-9a-f]{32}$/)
    assert.deepEqual(result, {
      model: 'extractive-1',
      summary: 'Canary works. Canary wins.',
      keywords: [
        { word: 'canary', count: 2, score: 1 },
        { word: 'wins', count: 1, score: 0.5 },
        { word: 'works', count: 1, score: 0.5 },
      ],
      segments: 3,
    })
  }))

test('the same question has the same answer, id included', async () => {
  const once = () => asked(sentences, { text: 'One. Two.' }, (response) => response.text())
  assert.equal(await once(), await once())
})

test('a segmentation that fails is a 502 and casts doubt on it', () =>
  asked(
    failing({ kind: 'broken', because: 'segmentation answered 500' }),
    { text: 'x' },
    async (response, doubts) => {
      assert.equal(response.status, 502)
      assert.match(await response.text(), /segmentation answered 500/)
      assert.equal(doubts, 1)
    },
  ))

test('a segmentation that does not answer in time is a 504', () =>
  asked(failing({ kind: 'late', because: 'late' }), { text: 'x' }, (response) => {
    assert.equal(response.status, 504)
    return Promise.resolve()
  }))

test('a bad question is refused without asking anybody', () =>
  asked(failing({ kind: 'broken', because: '' }), { sentences: 0 }, (response, doubts) => {
    assert.equal(response.status, 400)
    assert.equal(doubts, 0)
    return Promise.resolve()
  }))
