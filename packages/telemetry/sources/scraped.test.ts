import { describe, expect, test } from '@jest/globals'
import { fakeClock } from '@alt-las/testing'
import { parseExposition } from './exposition.ts'
import { meter, presets, scraped, type Backend, type Preset } from '../index.ts'

const backend = (role: 'canary' | 'stable', service: string): Backend => ({
  role,
  namespace: 'ns',
  service,
  ports: ['80'],
  deployment: service,
  pods: [],
})
const arms = { canary: backend('canary', 'api-canary'), stable: backend('stable', 'api'), switched: null }

/** As Traefik 3.6 writes it; `requests` of stable and of the canary. */
const exposition = (stable: number, canary: number, started = 1) => `# HELP process_start_time_seconds Start
# TYPE process_start_time_seconds gauge
process_start_time_seconds ${started}
# TYPE traefik_config_last_reload_success gauge
traefik_config_last_reload_success 1.795e+09
# TYPE traefik_service_request_duration_seconds histogram
traefik_service_request_duration_seconds_bucket{code="200",method="GET",protocol="http",service="ns-api-http-80@kubernetesgateway",le="0.1"} ${stable - 2}
traefik_service_request_duration_seconds_bucket{code="200",method="GET",protocol="http",service="ns-api-http-80@kubernetesgateway",le="+Inf"} ${stable}
# TYPE traefik_service_requests_total counter
traefik_service_requests_total{code="200",method="GET",protocol="http",service="ns-api-http-80@kubernetesgateway"} ${stable}
traefik_service_requests_total{code="500",method="GET",protocol="http",service="ns-api-canary-http-80@kubernetesgateway"} ${canary}
`

function world() {
  const clock = fakeClock()
  const state = { text: exposition(1000, 50), asked: 0 }
  const get = () => {
    state.asked += 1
    return Promise.resolve(state.text)
  }
  const source = scraped(get, 'traefik:9100', clock)
  const reader = meter(() => Promise.resolve(arms), presets['traefik'] as Preset, { source, clock })
  return { clock, state, reader }
}

describe('scraped', () => {
  test('blocks come out of the endpoint itself, with the same care as out of Prometheus', async () => {
    const { clock, state, reader } = world()
    const start = await reader.read(null)
    if (start.kind !== 'start') throw new Error(JSON.stringify(start))
    state.text = exposition(1090, 60)
    clock.advance(2000)
    expect(await reader.read(start.at)).toMatchObject({ kind: 'waiting' })
    clock.advance(3000)
    expect(await reader.read(start.at)).toMatchObject({
      kind: 'block',
      block: {
        canary: { requests: 10, errors: 10, latency: { bounds: [0.1], counts: [0, 0] } },
        stable: { requests: 90, errors: 0, latency: { bounds: [0.1], counts: [90, 0] } },
      },
    })
    expect(state.asked).toBe(2)
  })

  test('processes that answer in turn at one address are told, not mixed', async () => {
    const { clock, state, reader } = world()
    const read = async (started: number) => {
      state.text = exposition(1000, 0, started)
      clock.advance(5000)
      return reader.read(clock.now() - 5000)
    }
    await read(1)
    await read(2)
    expect(await read(1)).toMatchObject({ kind: 'blind', why: 'ambiguous', lasting: true })
  })

  test('a new process counts from 0', async () => {
    const { clock, state, reader } = world()
    await reader.read(null)
    state.text = exposition(7, 3, 2)
    clock.advance(5000)
    expect(await reader.read(clock.now() - 5000)).toMatchObject({
      kind: 'block',
      block: { canary: { requests: 3 }, stable: { requests: 7 } },
    })
  })

  test('what it kept is gone with the process: the next one begins again', async () => {
    const { clock, reader } = world()
    expect(await reader.read(clock.now() - 60_000)).toMatchObject({ kind: 'start' })
  })

  test('an endpoint of something else is refused at once', async () => {
    const { state, reader } = world()
    state.text = 'go_goroutines 7\n'
    expect(await reader.read(null)).toMatchObject({ why: 'empty', lasting: true })
    const other = world()
    other.state.text = '<!doctype html>'
    expect(await other.reader.read(null)).toMatchObject({ why: 'refused', lasting: true })
  })
})

describe('parseExposition', () => {
  test.each([
    ['a label of megabytes', `a{b="${'x'.repeat(8 << 20)}"} 1`, 'line 1 has more than 65536 characters'],
    ['samples without an end', 'a 1\n'.repeat(200_001), 'it exposes more than 200000 samples'],
  ])('%s are refused', (_name, text, why) => {
    expect(() => parseExposition(text)).toThrow(why)
  })

  test.each([
    ['a 1', { __name__: 'a' }, 1],
    ['a{} 1.5e+03', { __name__: 'a' }, 1500],

    ['a{ b = "c" , d="e" } 2', { __name__: 'a', b: 'c', d: 'e' }, 2],
    ['a{b="x\\"}{,\\\\\\n"} 3', { __name__: 'a', b: 'x"}{,\\\n' }, 3],
    ['a_bucket{le="0.1"} 4 # {trace_id="x"} 0.05 1.5', { __name__: 'a_bucket', le: '0.1' }, 4],
    ['a{b="ü"} NaN', { __name__: 'a', b: 'ü' }, NaN],
  ])('%s', (line, labels, value) => {
    expect(parseExposition(`# TYPE a counter\n${line}\n# EOF\n`)).toEqual([{ labels, value }])
  })

  test('a time stamp is kept', () => {
    expect(parseExposition('a{b="c",} +Inf 1395066363000')).toEqual([
      { labels: { __name__: 'a', b: 'c' }, value: Infinity, at: 1395066363000 },
    ])
  })

  test.each([
    '<html>',
    'a',
    'a{b="c" 1',
    'a{b=c} 1',
    'a{b="c"} one',
    '{"status":"success"}',
    'a 1 2 3',
    'a __proto__',
  ])('%s is named with its line', (line) => {
    expect(() => parseExposition(`ok 1\n${line}`)).toThrow('line 2 is')
  })
})
