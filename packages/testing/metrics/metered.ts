import { meter, presets, prometheus, type Preset, type Reading } from '@alt-las/telemetry'
import { fakeClock } from '../ports/clock.ts'
import { fakePrometheus } from './prometheus.ts'

const traefik = presets['traefik'] as Preset
const backend = (role: 'canary' | 'stable', service: string) => ({
  role,
  namespace: 'ns',
  service,
  ports: ['80'],
  deployment: service,
  pods: [],
})
const arms = { canary: backend('canary', 'api-canary'), stable: backend('stable', 'api'), switched: null }

/** Traefik's series of the Services `api` and `api-canary` in `ns`. */
export const counter = (service: string, code: string) =>
  `traefik_service_requests_total{service="ns-${service}-http-80@kubernetesgateway",code="${code}"}`
export const bucket = (service: string, le: string) =>
  `traefik_service_request_duration_seconds_bucket{service="ns-${service}-http-80@kubernetesgateway",code="200",le="${le}"}`
export const beat = 'traefik_config_last_reload_success'

/** A meter of Traefik's counters on a Prometheus that scrapes when the test says so. */
export function world() {
  const clock = fakeClock()
  const server = fakePrometheus(clock.now)
  const source = prometheus(server.fetch, clock)
  const gateway = meter(() => Promise.resolve(arms), traefik, { source, clock })
  const scrape = (ms = 5000) => {
    clock.advance(ms)
    server.scrape()
  }
  server.set(beat, 1)
  return { clock, server, gateway, scrape }
}

/** Reads blocks from a first look on: `play` changes the counters between scrapes. */
export async function after(
  play: (one: ReturnType<typeof world>) => void,
  before: typeof play = () => undefined,
) {
  const one = world()
  before(one)
  one.scrape()
  const start = await one.gateway.read(null)
  if (start.kind !== 'start') throw new Error(JSON.stringify(start))
  play(one)
  return { reading: await one.gateway.read(start.at), start, ...one }
}

export const native = (service: string) =>
  `traefik_service_request_duration_seconds_bucket{service="ns-${service}-http-80@kubernetesgateway",code="201"}`

export const block = (reading: Reading) => {
  if (reading.kind !== 'block') throw new Error(JSON.stringify(reading))
  return reading.block
}
