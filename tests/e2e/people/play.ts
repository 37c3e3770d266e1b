import assert from 'node:assert/strict'
import { startProbe } from '../rollouts/probe.ts'
import { told } from '../rollouts/told.ts'
import { seconds } from '../rollouts/world.ts'
import type { Stack } from '../stack.ts'
import { openPlace, type Place } from './place.ts'
import type { Story } from './story.ts'

/** How a story ended: `because` is null where all was right. */
export interface Row {
  readonly story: Story
  readonly seconds: number
  readonly sent: number
  readonly lost: number
  readonly because: string | null
}

const rate = 60
/** A service whose users have just come would be a quiet one. */
const historySeconds = 20

/** Plays a story in a namespace of its own, users coming all the while. */
export async function play(stack: Stack, story: Story): Promise<Row> {
  const begun = Date.now()
  const row = (told: Omit<Row, 'story' | 'seconds'>): Row => ({
    story,
    seconds: (Date.now() - begun) / 1000,
    ...told,
  })
  const place = await openPlace(stack, story.name)
  if (story.before !== null) await place.install(story.before(place))
  const users =
    story.before === null ? null : startProbe({ address: '10.96.0.80', host: place.host, path: '/', rate })
  if (users !== null) await seconds(historySeconds)
  const lost = () => Object.values(users?.reasons ?? {}).reduce((sum, count) => sum + count, 0)
  const because = await story
    .play(place, users)
    .then(() => null)
    .catch((error: unknown) => String(error instanceof Error ? error.message : error))
  await users?.stop()
  const broken = because ?? (story.losesRequests === true ? null : whyLost(users?.reasons ?? {}))
  if (broken === null) await forget(place)
  else console.log(`${story.name}: ${broken}\n${await told(place)}`)
  return row({ sent: users?.sent() ?? 0, lost: lost(), because: broken })
}

const whyLost = (reasons: Readonly<Record<string, number>>): string | null =>
  Object.keys(reasons).length === 0 ? null : `requests were lost: ${JSON.stringify(reasons)}`

const forget = ({ stack, namespace }: Place) =>
  stack.kubectl('delete', 'namespace', namespace, '--wait=false')

/** One line for each story. */
export function table(rows: readonly Row[]): string {
  const lines = rows.map(({ story, seconds, sent, lost, because }) =>
    [
      (because === null ? 'right' : 'WRONG').padEnd(6),
      story.name.padEnd(20),
      `${seconds.toFixed(0)} s`.padStart(6),
      `${lost} of ${sent} lost`.padStart(18),
      `  ${story.done}: ${because === null ? story.right : (because.split('\n')[0] ?? '').slice(0, 300)}`,
    ].join(''),
  )
  return lines.join('\n')
}

export function expectAllRight(rows: readonly Row[]): void {
  const wrong = rows.filter(({ because }) => because !== null).map(({ story }) => story.name)
  assert.deepEqual(wrong, [])
}
