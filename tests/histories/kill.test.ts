import { afterAll, describe, test } from '@jest/globals'
import { killedAnywhere } from './kill-anywhere.ts'
import { stories } from './stories.ts'

const sum = { told: 0, played: 0 }

afterAll(() => {
  process.stdout.write(
    `kill anywhere: ${sum.told} histories over ${stories.length} stories, ${sum.played} of them distinct, each played to its end\n`,
  )
})

describe.each(stories)('$name', (story) => {
  test('killed before or after any call, and again within the next ten, it ends as if nothing had happened', async () => {
    const { told, played } = await killedAnywhere(story, 51)
    sum.told += told
    sum.played += played
  }, 600_000)
})
