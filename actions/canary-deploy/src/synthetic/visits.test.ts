import { type Phase, type Visits, noVisits } from '@alt-las/rollout'
import { fakeClock, silentLog } from '@alt-las/testing'
import { describe, expect, test } from '@jest/globals'
import { plan, rollout } from '../../../../packages/rollout/testing/facts.ts'
import { visits } from './visits.ts'

const at = (phase: Phase, more = {}) => ({ ...rollout, phase, plan: { ...plan, ...more } })
const step = (index: number): Phase => ({ kind: 'step', index, weight: 10 })

/** Each time ten more were asked, the rollout leaves the phase it is in. */
function world(): { readonly own: Visits; readonly asked: string[]; readonly lines: readonly string[] } {
  const log = silentLog()
  const asked: string[] = []
  const own = visits([{ rate: 10, url: 'https://shop.example/' }], {
    clock: fakeClock(),
    log,
    random: () => 0.5,
    interrupted: new AbortController().signal,
    ask: (url) => {
      asked.push(url)
      if (asked.length % 10 === 0) own.follow(at({ kind: 'promote-traffic' }))
      return Promise.resolve(200)
    },
  })
  return { own, asked, lines: log.lines }
}

describe('visits', () => {
  test('are sent in steps only, and counted over all of them', async () => {
    const { own, asked, lines } = world()
    own.follow(at({ kind: 'prepare' }))
    own.follow(at(step(0)))
    own.follow(at(step(0)))
    while (asked.length < 10) await Promise.resolve()
    own.follow(at(step(1)))
    while (asked.length < 20) await Promise.resolve()
    expect(await own.over()).toMatchObject({ sent: 20, failed: 0 })
    expect(lines[0]).toBe('sending synthetic requests: 10/s https://shop.example/')
    await own.over()
    expect(lines).toHaveLength(2)
    expect(lines.at(-1)).toContain('20 synthetic requests were sent through the gateway')
  })

  test('help the soak after a blue-green switch, and no standing by', async () => {
    const { own, asked } = world()
    own.follow(at({ kind: 'warm' }))
    expect(asked).toEqual([])
    own.follow(at({ kind: 'warm' }, { strategy: 'blue-green' }))
    while (asked.length < 10) await Promise.resolve()
    expect(await own.over()).toMatchObject({ sent: 10 })
  })

  test('are none where none were asked for', async () => {
    noVisits.follow(at(step(0)))
    expect(await noVisits.over()).toBeNull()
  })
})

describe('the addresses of a quiet service', () => {
  const plain = { ...plan, synthetic: [{ url: 'https://shop.example/', rate: null }] }
  const reach = (answer: number | null) =>
    visits(plain.synthetic, {
      clock: fakeClock(),
      log: silentLog(),
      random: () => 0.5,
      interrupted: new AbortController().signal,
      ask: () => Promise.resolve(answer),
    }).reach(plain)

  test.each([
    [200, null],
    [302, null],
    [404, 'https://shop.example/ answered the runner with 404'],
    [503, 'https://shop.example/ answered the runner with 503'],
    [null, 'https://shop.example/ gave the runner no answer'],
  ])('that answer %p: %p', async (answer, why) => {
    expect(await reach(answer)).toBe(why)
  })
})
