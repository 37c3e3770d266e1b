import { describe, expect, test } from '@jest/globals'
import { fakeClock, uniform } from '@alt-las/testing'
import { startSynthetic, type SyntheticPorts } from './start-synthetic.ts'

const one = [{ url: 'https://a.example/', rate: 10 }]

describe('startSynthetic', () => {
  test('sends its rate on average, whatever becomes of the answers', async () => {
    const { asked, end } = await play(one, { forMs: 600_000, answer: () => Promise.resolve(null) })
    expect(asked.length).toBeGreaterThan(5700)
    expect(asked.length).toBeLessThan(6300)
    // The last one is on its way when all is over.
    expect(end).toMatchObject({ sent: asked.length, failed: asked.length - 1 })
  })

  test('does not wait for answers', async () => {
    const { asked, end } = await play(one, { forMs: 10_000, answer: untilAborted })
    expect(asked.length).toBeGreaterThan(50)
    expect(end).toEqual({ sent: asked.length, failed: 0, answers: {} })
  })

  test('a gateway that takes turns gives both versions the same mixture of addresses and connections', async () => {
    const two = [...one, { url: 'https://b.example/', rate: 10 }]
    const { asked } = await play(two, { forMs: 600_000 })
    const byCanary = asked.filter((_, index) => index % 2 === 0)
    const share = (of: (ask: Asked) => boolean) => byCanary.filter(of).length / byCanary.length
    expect(share(({ url }) => url === 'https://a.example/')).toBeCloseTo(0.5, 1)
    expect(share(({ fresh }) => fresh)).toBeCloseTo(0.5, 1)
  })

  test('addresses are asked in proportion to their rates', async () => {
    const uneven = [...one, { url: 'https://b.example/', rate: 30 }]
    const { asked } = await play(uneven, { forMs: 200_000 })
    expect(asked.filter(({ url }) => url === 'https://b.example/').length / asked.length).toBeCloseTo(0.75, 1)
  })

  test('5xx and silence are failures, 4xx is not', async () => {
    const statuses = [null, 404, 503, 200]
    const { end } = await play(one, { most: 4, answer: (index) => Promise.resolve(statuses[index] ?? null) })
    expect(end).toEqual({ sent: 4, failed: 2, answers: { '2xx': 1, '4xx': 1, '5xx': 1, 'no answer': 1 } })
  })

  test('an interruption ends it at once, and what is on its way is given up', async () => {
    const interrupted = new AbortController()
    const { asked, end } = await play(one, {
      interrupted: interrupted.signal,
      answer: (index, signal) => {
        if (index === 2) interrupted.abort()
        return untilAborted(index, signal)
      },
    })
    expect(asked).toHaveLength(3)
    expect(end).toEqual({ sent: 3, failed: 0, answers: {} })
  })

  test('after the machine slept it makes up for one second at most', async () => {
    const clock = fakeClock()
    const late = (index: number) => {
      if (index === 0) clock.advance(3_600_000)
      return Promise.resolve(200)
    }
    const { asked } = await play(one, { forMs: 3_600_100, answer: late, clock })
    expect(asked.length).toBeLessThan(40)
  })

  test('nothing is sent where it was interrupted before', async () => {
    const { asked, end } = await play(one, { interrupted: AbortSignal.abort() })
    expect(asked).toEqual([])
    expect(end.sent).toBe(0)
  })
})

interface Asked {
  readonly url: string
  readonly fresh: boolean
}

const untilAborted = (_: number, signal: AbortSignal) =>
  new Promise<null>((resolve) => {
    if (signal.aborted) resolve(null)
    signal.addEventListener('abort', () => {
      resolve(null)
    })
  })

/** Runs until the time is over, so many were sent, or it was interrupted; time passes only in sleeps. */
async function play(
  synthetic: Parameters<typeof startSynthetic>[0],
  options: {
    readonly forMs?: number
    readonly most?: number
    readonly answer?: (index: number, signal: AbortSignal) => Promise<number | null>
    readonly interrupted?: AbortSignal
    readonly clock?: ReturnType<typeof fakeClock>
  },
) {
  const {
    forMs = Infinity,
    most = Infinity,
    answer = () => Promise.resolve(200),
    clock = fakeClock(),
  } = options
  const over = new AbortController()
  const asked: Asked[] = []
  const ports: SyntheticPorts = {
    ask: (url, { fresh, signal }) => {
      asked.push({ url, fresh })
      if (asked.length >= most || clock.elapsed() >= forMs) over.abort()
      return answer(asked.length - 1, signal)
    },
    clock,
    random: uniform(7),
    interrupted: AbortSignal.any([over.signal, ...(options.interrupted ? [options.interrupted] : [])]),
  }
  const sending = startSynthetic(synthetic, ports)
  if (!ports.interrupted.aborted)
    await new Promise((resolve) => {
      ports.interrupted.addEventListener('abort', resolve)
    })
  return { asked, end: await sending.stop() }
}
