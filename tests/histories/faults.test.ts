import { afterAll, describe, test } from '@jest/globals'
import { faultyAnywhere } from './fault-anywhere.ts'
import { stories } from './stories.ts'

let played = 0

afterAll(() => {
  process.stdout.write(`fault at every call: ${played} histories over ${stories.length} stories\n`)
})

describe.each(stories)('$name', (story) => {
  test('whatever befalls any call, it ends as if nothing had happened, after another run at the latest', async () => {
    played += await faultyAnywhere(story, 17)
  }, 600_000)
})
