import { describe, expect, test } from '@jest/globals'
import { fakeClock, readerFor, virtualClock } from '@alt-las/testing'
import { toMarkdown } from '@alt-las/outcome'
import { parse } from '../inputs.ts'
import { outputsOf, summarize } from '../summary.ts'
import { documentsOf } from '../testing/documents.ts'
import { ports } from '../testing/ports.ts'
import { fakeHttp, reply } from '../testing/wire.ts'
import { verify } from '../verify.ts'

const actionYml = new URL('../../action.yml', import.meta.url)
const inputs = (overrides: Record<string, string> = {}) =>
  parse(
    readerFor(actionYml, {
      url: 'https://shop.example',
      checks: 'load',
      rate: '10',
      duration: '20s',
      ...overrides,
    }),
    documentsOf(),
  )

describe('the check load', () => {
  test('shows the load in the log, the outputs and the summary', async () => {
    const outcome = await verify(inputs(), ports())
    expect(outcome.load).toMatchObject({ count: 200, errors: 0 })
    expect(outputsOf(outcome)).toMatchObject({ 'error-rate': '0%' })
    expect(toMarkdown(summarize(outcome))).toContain('p95 ms')
  })

  test('refuses a load that is slower than that of the last release', async () => {
    const clock = virtualClock()
    const http = fakeHttp(async () => {
      await clock.sleep(30)
      return reply()
    })
    const outcome = await verify(inputs({ baseline: 'last.json' }), ports({ http, clock }))
    expect(outcome.because).toBe(
      '1 of 4 checks were refused: p95 beside the baseline: p95 is 30 ms, 20 ms in the baseline, allowed: 25 ms',
    )
  })

  test('stops a load under which half of the requests fail', async () => {
    const clock = virtualClock()
    const http = fakeHttp(async () => {
      await clock.sleep(5)
      return reply({ status: clock.elapsed() < 12_000 ? 200 : 503 })
    })
    const outcome = await verify(inputs({ rate: '50', duration: '1m' }), ports({ http, clock }))
    expect(outcome.because).toMatch(
      /the load was stopped after \d+(\.\d)?s: \d+ of the last \d+ requests failed/,
    )
    expect(outcome.evidence).toMatchObject({
      load: { stopped: expect.stringContaining('failed'), unsent: 0 },
    })
    expect(outcome.load?.durationMs).toBeLessThan(12_000)
  })

  test('judges nothing where this runner could not send the load', async () => {
    const clock = fakeClock()
    const http = fakeHttp(() => {
      clock.advance(500)
      return reply()
    })
    const run = verify(inputs(), ports({ http, clock }))
    await expect(run).rejects.toThrow(
      /this runner was too busy: it left out \d+ of 200 requests at 10 per second/,
    )
  })
})
