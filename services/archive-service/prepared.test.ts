import assert from 'node:assert/strict'
import { test } from 'node:test'
import { prepared } from './prepared.ts'

test('it tries until it succeeds, and logs each new reason once', async () => {
  const outcomes = ['refused', 'refused', 'no such role', null]
  const told: string[] = []
  const finished = Promise.withResolvers<undefined>()
  const state = prepared(
    () => {
      const outcome = outcomes.shift()
      if (typeof outcome === 'string') return Promise.reject(new Error(outcome))
      finished.resolve(undefined)
      return Promise.resolve()
    },
    { pause: () => Promise.resolve(), failed: (because) => told.push(because) },
  )
  assert.equal(state.done(), false)
  await finished.promise
  await Promise.resolve()
  assert.equal(state.done(), true)
  assert.deepEqual(told, ['refused', 'no such role'])
})

test('it ends when the pause is refused, and still says why it is not done', async () => {
  const paused = Promise.withResolvers<undefined>()
  const state = prepared(() => Promise.reject(new Error('refused')), {
    pause() {
      paused.resolve(undefined)
      return Promise.reject(new Error('ending'))
    },
    failed: () => undefined,
  })
  await paused.promise
  assert.equal(state.done(), false)
  assert.equal(state.because(), 'refused')
})
