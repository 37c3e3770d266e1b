import assert from 'node:assert/strict'
import { test } from 'node:test'
import { keywords, words } from './keywords.ts'
import { summary } from './summary.ts'

test('words are lower case, whatever their script', () => {
  assert.deepEqual(words("Don't re-use ŞEHİR 42!"), ["don't", 're-use', 'şehi̇r', '42'])
})

test('keywords come by frequency, then by the alphabet; words without meaning are left out', () => {
  assert.deepEqual(keywords(['The gateway and the archive.', 'Gateway of it: zebra.']), [
    { word: 'gateway', count: 2, score: 1 },
    { word: 'archive', count: 1, score: 0.5 },
    { word: 'zebra', count: 1, score: 0.5 },
  ])
})

test('a text without words has no keywords', () => assert.deepEqual(keywords(['…', '']), []))

test('the summary keeps the parts that say most, in the order of the text', () => {
  const parts = ['It was so.', 'Rollouts need evidence.', 'They were here.', 'Evidence ends rollouts.']
  assert.equal(summary(parts, keywords(parts), 2), 'Rollouts need evidence. Evidence ends rollouts.')
})

test('of equal parts the earlier wins, and fewer parts than asked for are all kept', () => {
  assert.equal(summary(['alpha.', 'beta.'], keywords(['alpha.', 'beta.']), 1), 'alpha.')
  assert.equal(summary(['alpha.', '…'], keywords(['alpha.', '…']), 5), 'alpha. …')
})
