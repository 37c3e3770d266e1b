import type { Board } from './board.ts'
import { curves, logCurves, number } from './panels.ts'

const at = 'namespace="$namespace"'
const limit = (resource: string) =>
  `sum by (namespace, pod) (kube_pod_container_resource_limits{${at}, resource="${resource}"})`

export const capacity: Board = {
  name: 'capacity',
  title: 'Capacity',
  description: 'How much more fits, and what ends first.',
  sections: [
    {
      title: 'Services',
      panels: [
        curves({
          title: 'Requests per pod',
          description: 'Compare with the rate per replica that `verify` measured (check `capacity`).',
          unit: 'reqps',
          queries: {
            '{{service}}': `sum by (service) (service:http_requests:rate1m{${at}}) / count by (service) (service:http_requests:rate1m{${at}})`,
          },
        }),
        curves({
          title: 'CPU time per request',
          description: 'What one request costs. A step up is a version that became more expensive.',
          unit: 's',
          queries: {
            '{{service}}': `sum by (service) (service:cpu_seconds:rate1m{${at}}) / (sum by (service) (service:http_requests:rate1m{${at}}) > 0)`,
          },
        }),
        curves({
          title: 'CPU, busiest pod',
          description: 'Share of the limit.',
          unit: 'percentunit',
          queries: {
            '{{service}}': `max by (service) (service:cpu_seconds:rate1m{${at}} / on (namespace, pod) group_left () ${limit('cpu')})`,
          },
        }),
        curves({
          title: 'Memory, largest pod',
          description: 'Share of the limit.',
          unit: 'percentunit',
          queries: {
            '{{service}}': `max by (service) (service:memory_bytes:sum{${at}} / on (namespace, pod) group_left () ${limit('memory')})`,
          },
        }),
        curves({
          title: 'Replicas',
          description: 'Wanted and ready.',
          unit: 'none',
          queries: {
            '{{deployment}} wanted': `kube_deployment_spec_replicas{${at}}`,
            '{{deployment}} ready': `kube_deployment_status_replicas_available{${at}}`,
          },
        }),
        curves({
          title: 'Bounds',
          description: 'Most pods that an autoscaler may start; without one, those of the Deployment.',
          unit: 'none',
          queries: {
            '{{service}}': `label_replace(kube_horizontalpodautoscaler_spec_max_replicas{${at}}, "service", "$1", "horizontalpodautoscaler", "(.+)") or on (service) label_replace(kube_deployment_spec_replicas{${at}}, "service", "$1", "deployment", "(.+)")`,
          },
        }),
      ],
    },
    {
      title: 'Volumes and stores',
      panels: [
        number(
          {
            title: 'Volumes',
            description: 'What the claims ask for.',
            unit: 'bytes',
            queries: {
              '{{persistentvolumeclaim}}': `kube_persistentvolumeclaim_resource_requests_storage_bytes{${at}}`,
            },
          },
          12,
        ),
        number(
          {
            title: 'Metrics on disk',
            description: 'Blocks and head of Prometheus; at `retention.size` the oldest go early.',
            unit: 'bytes',
            queries: {
              used: 'sum(prometheus_tsdb_storage_blocks_bytes) + sum(prometheus_tsdb_wal_storage_size_bytes)',
            },
          },
          12,
        ),
        curves({
          title: 'Logs received',
          description: 'By Loki, each second.',
          unit: 'Bps',
          queries: { bytes: 'sum(rate(loki_distributor_bytes_received_total[5m]))' },
        }),
        logCurves({
          title: 'Log lines by service',
          description: 'Each second: who fills the volume.',
          unit: 'none',
          queries: { '{{service}}': `sum by (service) (rate({${at}}[1m]))` },
        }),
      ],
    },
  ],
}
