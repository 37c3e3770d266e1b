import { deadEnds } from '../people/dead-ends.ts'
import { manifests } from '../people/manifests.ts'
import { outage } from '../people/outage.ts'
import { expectAllRight, play, table, type Row } from '../people/play.ts'
import { served } from '../people/served.ts'
import { traffic } from '../people/traffic.ts'
import type { Story } from '../people/story.ts'
import type { Case } from './case.ts'

const stories: readonly Story[] = [...served, ...traffic, ...deadEnds, ...manifests, outage]
/** Two cores serve no more of them. */
const atOnce = 3

export const amongPeople: Case = {
  name: 'among-people',
  title: `${stories.length} things that people, other managers and manifests do to a rollout: each ends as it should, and no request is lost by it`,
  minutes: 30,
  needs: 'v1.0.0',
  run: async ({ stack }) => {
    const asked = (process.env['STORIES'] ?? '').split(',').filter((one) => one !== '')
    const waiting = stories.filter(({ name }) => asked.length === 0 || asked.includes(name))
    const rows: Row[] = []
    const work = async () => {
      for (let story = waiting.shift(); story !== undefined; story = waiting.shift())
        rows.push(await play(stack, story))
    }
    await Promise.all(Array.from({ length: atOnce }, work))
    console.log(table(rows))
    expectAllRight(rows)
  },
}
