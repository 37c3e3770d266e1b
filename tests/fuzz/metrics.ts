// What a source of metrics answers.
import { parseAnswer } from '../../packages/telemetry/sources/answer.ts'
import { parseExposition } from '../../packages/telemetry/sources/exposition.ts'
import { must, tried, type Target } from './harness.ts'
import { mutatedJsonText } from './mutate-json.ts'
import { mutatedTexts } from './mutate-text.ts'

const answers = [
  {
    status: 'success',
    data: {
      resultType: 'matrix',
      result: [
        {
          metric: { __name__: 'a', code: '200' },
          values: [
            [1_700_000_000.1, '17'],
            [1_700_000_005.1, '+Inf'],
          ],
        },
      ],
    },
  },
  {
    status: 'success',
    data: { resultType: 'vector', result: [{ metric: { pod: 'a' }, value: [1_700_000_000, 'NaN'] }] },
  },
  {
    status: 'success',
    data: {
      resultType: 'matrix',
      result: [
        {
          metric: {},
          histograms: [
            [
              1,
              {
                count: '3',
                sum: '1',
                buckets: [
                  [0, '0', '0.5', '2'],
                  [0, '0.5', '+Inf', '1'],
                ],
              },
            ],
          ],
        },
      ],
    },
  },
  { status: 'error', errorType: 'bad_data', error: 'invalid query' },
]

export const metrics: readonly Target[] = [
  tried({
    name: 'Prometheus answers',
    inputs: mutatedJsonText(answers),
    read: (text) => {
      for (const { labels, samples, histograms } of parseAnswer(text)) {
        must(
          Object.values(labels).every((value) => typeof value === 'string'),
          'a label is no text',
        )
        for (const { at, value } of samples)
          must(Number.isFinite(at) && typeof value === 'number', `a sample of ${at}`)
        for (const { at, buckets } of histograms)
          must(Number.isFinite(at) && Array.isArray(buckets), `a histogram of ${at}`)
      }
    },
  }),
  tried({
    name: 'expositions',
    inputs: mutatedTexts(
      [
        '# HELP a b\n# TYPE a counter\na_total{code="200",path="/\\"x\\n"} 17 1700000000\nb 1e9\nc_bucket{le="+Inf"} +Inf # {trace="x"} 1 2\n# EOF\n',
        'up 1\nprocess_start_time_seconds 1.7e9\n',
      ],
      [
        'a',
        '_total',
        '{',
        '}',
        '="',
        '"',
        ',',
        '\\',
        '\\"',
        '\\n',
        ' 1',
        ' NaN',
        ' +Inf',
        '#',
        ' 1e999',
        '0x1F',
        ' -',
        'le=',
      ],
    ),
    read: (text) => {
      for (const { labels, value } of parseExposition(text)) {
        must(typeof value === 'number', 'no value')
        must(
          Object.values(labels).every((label) => typeof label === 'string'),
          'a label is no text',
        )
      }
    },
  }),
]
