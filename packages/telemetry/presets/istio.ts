import { selector } from '../series/selector.ts'
import type { Labels } from '../series/series.ts'
import { isServerError, type Backend, type Preset } from './preset.ts'

/**
 * Istio's standard metrics (istio.io/latest/docs/reference/config/metrics), reported by the calling side: a canary that does not answer
 * reports nothing itself. Series exist from a Service's first request on.
 */
export const istio: Preset = {
  name: 'istio',
  scraped: 'the proxies of Istio',
  heartbeat: ({ canary, stable }) => [...requests(stable), ...requests(canary)],
  beatsWithoutTraffic: false,
  requests,
  errors: null,
  isError,
  statusOf: ({ response_code: code }) => code,
  isGivenUp,
  latency: (backend) => [selector('istio_request_duration_milliseconds_bucket', labels(backend))],
  unit: 0.001,
}

function requests(backend: Backend): readonly string[] {
  return [selector('istio_requests_total', labels(backend))]
}

const labels = ({ namespace, service }: Backend) => ({
  reporter: 'source',
  destination_service_name: service,
  destination_service_namespace: namespace,
})

// Of gRPC: unknown, deadline exceeded, internal, unavailable, data loss.
const grpcErrors = ['2', '4', '13', '14', '15']

function isError({ response_code: code, response_flags: flags = '-', ...rest }: Labels): boolean {
  if (rest['request_protocol'] === 'grpc' && grpcErrors.includes(rest['grpc_response_status'] ?? ''))
    return true
  // `0` = no answer: with DC the client disconnected, every other flag is the upstream's fault.
  if (code === '0') return flags !== '-' && !hungUp(flags)
  return isServerError(code)
}

function isGivenUp({ response_code: code, response_flags: flags = '-' }: Labels): boolean {
  return code === '0' && hungUp(flags)
}

const hungUp = (flags: string): boolean => flags.split(',').includes('DC')
