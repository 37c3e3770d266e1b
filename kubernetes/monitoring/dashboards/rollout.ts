import type { Board } from './board.ts'
import { curves, lines, number } from './panels.ts'

const at = 'namespace="$namespace", service="$service"'

export const rollout: Board = {
  name: 'rollout',
  title: 'Rollout',
  description: 'A new version beside the old one: weight, errors and latency of both, and how much was seen.',
  variables: ['service'],
  sections: [
    {
      title: 'State',
      panels: [
        number({
          title: 'Phase',
          description: 'As its state says; docs of canary-deploy explain each.',
          unit: 'none',
          queries: { '{{phase}}': `rollout:phase{${at}}` },
        }),
        number({
          title: 'Canary weight',
          description: 'Share of the traffic that goes to the new version now.',
          unit: 'percentunit',
          queries: {
            weight: `sum(rollout:weight_ratio{${at}, track="canary"}) or vector(0)`,
          },
        }),
        number({
          title: 'Requests to the canary',
          description: 'The evidence: in the last hour. The judge needs enough of them for a proof.',
          unit: 'short',
          queries: {
            requests: `sum(sum_over_time(route:requests:rate1m{${at}, track="canary"}[1h:10s])) * 10 or vector(0)`,
          },
        }),
        number({
          title: 'Seconds since the runner was heard',
          description: 'It renews a lease; during a rollout more than 120 means that it was lost.',
          unit: 's',
          queries: { age: `rollout:lease_age_seconds{${at}}` },
        }),
      ],
    },
    {
      title: 'Both versions',
      panels: [
        curves({
          title: 'Weight',
          description: 'What the route says.',
          unit: 'percentunit',
          queries: { '{{track}}': `rollout:weight_ratio{${at}}` },
        }),
        curves({
          title: 'Requests',
          description: 'What the gateway sent.',
          unit: 'reqps',
          queries: { '{{track}}': `route:requests:rate1m{${at}}` },
        }),
        curves({
          title: 'Failed requests',
          description: 'Share of answers with a code of 500 or above.',
          unit: 'percentunit',
          queries: { '{{track}}': `route:error_ratio:rate1m{${at}}` },
        }),
        curves({
          title: 'Latency, 99th percentile',
          description: 'One request in a hundred takes longer.',
          unit: 's',
          queries: { '{{track}}': `route:request_duration_seconds:p99{${at}}` },
        }),
        curves({
          title: 'Pods by version',
          description: 'The old ones stay until the new version is proven.',
          unit: 'none',
          queries: { '{{version}}': `count by (version) (service:memory_bytes:sum{${at}})` },
        }),
        curves({
          title: 'Phases',
          description: 'The way of the rollout.',
          unit: 'none',
          queries: { '{{phase}}': `rollout:phase{${at}}` },
        }),
      ],
    },
    {
      title: 'Log',
      panels: [
        lines({
          title: 'Both versions',
          description: 'Lines of all pods of the service; their label `version` tells them apart.',
          query: `{${at}}`,
        }),
      ],
    },
  ],
}
