import type { Board } from './board.ts'
import { curves, lines, logCurves } from './panels.ts'

const at = 'namespace="$namespace", service="$service"'
const limit = (resource: string) =>
  `sum by (namespace, pod) (kube_pod_container_resource_limits{namespace="$namespace", container="$service", resource="${resource}"})`

export const service: Board = {
  name: 'service',
  title: 'Service',
  description: 'One service, version by version and pod by pod.',
  variables: ['service'],
  sections: [
    {
      title: 'By version',
      panels: [
        curves({
          title: 'Requests',
          description: 'That its pods answered, without probes.',
          unit: 'reqps',
          queries: { '{{version}}': `sum by (version) (service:http_requests:rate1m{${at}})` },
        }),
        curves({
          title: 'Failed requests',
          description: 'Share of answers with a code of 500 or above.',
          unit: 'percentunit',
          queries: {
            '{{version}}': `(sum by (version) (service:http_errors:rate1m{${at}}) or sum by (version) (service:http_requests:rate1m{${at}}) * 0) / (sum by (version) (service:http_requests:rate1m{${at}}) > 0)`,
          },
        }),
        curves({
          title: 'Latency',
          description: 'As the pods measure it; the gateway adds its own part (dashboard Overview).',
          unit: 's',
          queries: Object.fromEntries(
            [50, 90, 99].map((percentile) => [
              `{{version}} p${percentile}`,
              `histogram_quantile(${percentile / 100}, sum by (version, le) (service:http_request_duration_seconds_bucket:rate1m{${at}}))`,
            ]),
          ),
        }),
        curves({
          title: 'Requests in flight',
          description: 'A number that grows while the rate does not is a queue.',
          unit: 'none',
          queries: { '{{pod}}': `service:http_requests_in_flight:sum{${at}}` },
        }),
      ],
    },
    {
      title: 'By pod',
      panels: [
        curves({
          title: 'CPU',
          description: 'Share of the limit. At 100 % the pod is slowed down.',
          unit: 'percentunit',
          queries: {
            '{{pod}}': `service:cpu_seconds:rate1m{${at}} / on (namespace, pod) group_left () ${limit('cpu')}`,
          },
        }),
        curves({
          title: 'Memory',
          description: 'Share of the limit. At 100 % the pod is killed.',
          unit: 'percentunit',
          queries: {
            '{{pod}}': `service:memory_bytes:sum{${at}} / on (namespace, pod) group_left () ${limit('memory')}`,
          },
        }),
        curves({
          title: 'Restarts',
          description: 'Of its containers, since the pod exists.',
          unit: 'none',
          queries: {
            '{{pod}}': `sum by (pod) (kube_pod_container_status_restarts_total{namespace="$namespace", container="$service"})`,
          },
        }),
        logCurves({
          title: 'Log lines',
          description: 'Each second, by version and level.',
          unit: 'none',
          queries: { '{{version}} {{level}}': `sum by (version, level) (rate({${at}}[1m]))` },
        }),
      ],
    },
    {
      title: 'Log',
      panels: [lines({ title: 'Lines', description: 'Of all its pods.', query: `{${at}}` })],
    },
  ],
}
