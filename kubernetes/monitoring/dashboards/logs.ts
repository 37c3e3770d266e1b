import type { Board } from './board.ts'
import { lines, logCurves } from './panels.ts'

const at = 'namespace="$namespace", service="$service"'

export const logs: Board = {
  name: 'logs',
  title: 'Logs',
  description: 'The lines of one service, with the labels of its metrics: namespace, service, version, pod.',
  variables: ['service', 'search'],
  sections: [
    {
      title: 'How many',
      panels: [
        logCurves({
          title: 'Lines by level',
          description: 'Each second.',
          unit: 'none',
          queries: { '{{level}}': `sum by (level) (rate({${at}}[1m]))` },
        }),
        logCurves({
          title: 'Lines by pod',
          description: 'A pod that is silent, or louder than the others.',
          unit: 'none',
          queries: { '{{version}} {{pod}}': `sum by (version, pod) (rate({${at}}[1m]))` },
        }),
        logCurves({
          title: 'Failed requests',
          description:
            'Answers with a code of 500 or above, as the service logged them, in five minutes; without any there is no such curve.',
          unit: 'none',
          queries: {
            failed: `sum(count_over_time({${at}} |~ "\\"code\\":5[0-9][0-9]"[5m]))`,
            requests: `sum(count_over_time({${at}} |~ "\\"message\\":\\"request\\""[5m]))`,
          },
        }),
        logCurves({
          title: 'Slow requests',
          description: 'That took longer than 250 ms, by pod.',
          unit: 'none',
          queries: {
            '{{pod}}': `sum by (pod) (count_over_time({${at}} | json | ms > 250 [5m]))`,
          },
        }),
      ],
    },
    {
      title: 'Lines',
      panels: [
        lines({
          title: 'Lines',
          description: 'With the text of the field above.',
          query: `{${at}} |= "$search"`,
        }),
      ],
    },
  ],
}
