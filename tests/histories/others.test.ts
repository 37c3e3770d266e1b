import { afterAll, describe, test } from '@jest/globals'
import { disturbedAnywhere } from './others-anywhere.ts'
import { stories } from './stories.ts'

let played = 0

afterAll(() => {
  process.stdout.write(`other people: ${played} histories over ${stories.length} stories\n`)
})

describe.each(stories)('$name', (story) => {
  test('whatever another person does at any write, it ends, and leaves the Service empty by no write of its own', async () => {
    played += await disturbedAnywhere(story, 7)
  }, 600_000)
})
