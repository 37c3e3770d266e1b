import type { Board } from './board.ts'
import { curves, logCurves, number } from './panels.ts'

const at = 'namespace="$namespace"'

export const overview: Board = {
  name: 'overview',
  title: 'Overview',
  description: 'Is the environment well? The four golden signals of all services, and what does not fit.',
  sections: [
    {
      title: 'Now',
      panels: [
        number({
          title: 'Alerts',
          description: 'Alerts that fire now; the list is in Alertmanager.',
          unit: 'none',
          queries: { firing: 'count(ALERTS{alertstate="firing"}) or vector(0)' },
        }),
        number({
          title: 'Pods that are not ready',
          description: 'Pods that the Deployments ask for and that do not serve.',
          unit: 'none',
          queries: {
            missing: `sum(kube_deployment_spec_replicas{${at}}) - sum(kube_deployment_status_replicas_available{${at}})`,
          },
        }),
        number({
          title: 'Hours since the last backup',
          description: 'Of the database; where none was made yet, since its CronJob exists.',
          unit: 'none',
          queries: {
            hours: `(time() - max(kube_cronjob_status_last_successful_time{${at}, cronjob="postgres-backup"} or kube_cronjob_created{${at}, cronjob="postgres-backup"})) / 3600`,
          },
        }),
        number({
          title: 'Days left of the certificate',
          description: 'The one of the gateway that ends first.',
          unit: 'none',
          queries: { days: '(min(traefik_tls_certs_not_after) - time()) / 86400' },
        }),
      ],
    },
    {
      title: 'Users',
      panels: [
        curves({
          title: 'Requests',
          description: 'At the gateway, each second.',
          unit: 'reqps',
          queries: { '{{service}}': `sum by (service) (route:requests:rate1m{${at}})` },
        }),
        curves({
          title: 'Failed requests',
          description: 'Share of answers with a code of 500 or above.',
          unit: 'percentunit',
          queries: {
            '{{service}}': `(sum by (service) (route:errors:rate1m{${at}}) or sum by (service) (route:requests:rate1m{${at}}) * 0) / (sum by (service) (route:requests:rate1m{${at}}) > 0)`,
          },
        }),
        curves({
          title: 'Latency, 99th percentile',
          description: 'One request in a hundred takes longer.',
          unit: 's',
          queries: {
            '{{service}}': `histogram_quantile(0.99, sum by (service, le) (route:request_duration_seconds_bucket:rate1m{${at}}))`,
          },
        }),
        curves({
          title: 'Saturation',
          description: 'CPU of the busiest pod of each service, as a share of its limit.',
          unit: 'percentunit',
          queries: {
            '{{service}}': `max by (service) (service:cpu_seconds:rate1m{${at}} / on (namespace, pod) group_left () sum by (namespace, pod) (kube_pod_container_resource_limits{resource="cpu"}))`,
          },
        }),
      ],
    },
    {
      title: 'Releases',
      panels: [
        curves({
          title: 'Pods by version',
          description: 'Two versions at once are a rollout.',
          unit: 'none',
          queries: {
            '{{service}} {{version}}': `count by (service, version) (service:memory_bytes:sum{${at}})`,
          },
        }),
        curves({
          title: 'Rollouts',
          description: 'The phase of each target; `promoted` is the normal one.',
          unit: 'none',
          queries: { '{{service}}: {{phase}}': `rollout:phase{${at}}` },
        }),
        logCurves(
          {
            title: 'Log lines',
            description: 'Each second, by service and level; `error` and `warn` are worth a look.',
            unit: 'none',
            queries: { '{{service}} {{level}}': `sum by (service, level) (rate({${at}}[1m]))` },
          },
          24,
        ),
      ],
    },
  ],
}
