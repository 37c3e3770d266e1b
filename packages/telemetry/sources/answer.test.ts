import { describe, expect, test } from '@jest/globals'
import { parseAnswer } from './answer.ts'

/** Recorded from Prometheus 2.42 with native histograms; buckets left out. */
const native =
  '{"status":"success","data":{"resultType":"matrix","result":[{"metric":{"__name__":"http_request_duration_seconds","instance":"127.0.0.1:19100","job":"native","s":"api"},"histograms":[[1795377339.367,{"count":"5","sum":"0.010080186299303369","buckets":[[0,"0.0021298979153618314","0.0023226701464896895","2"],[0,"0.0023226701464896895","0.002532889755177753","3"]]}]]}]}}'
const up =
  '{"status":"success","data":{"resultType":"matrix","result":[{"metric":{"__name__":"up","instance":"127.0.0.1:19100","job":"native"},"values":[[1795377369.367,"1"],[1795377374.367,"1"]]}]}}'

describe('parseAnswer', () => {
  test('counters and gauges as Prometheus answers them', () => {
    expect(parseAnswer(up)).toEqual([
      {
        labels: { __name__: 'up', instance: '127.0.0.1:19100', job: 'native' },
        samples: [
          { at: 1795377369367, value: 1 },
          { at: 1795377374367, value: 1 },
        ],
        histograms: [],
      },
    ])
  })

  test('native histograms as Prometheus answers them', () => {
    expect(parseAnswer(native)).toMatchObject([
      {
        samples: [],
        histograms: [
          {
            at: 1795377339367,
            count: 5,
            buckets: [
              { lower: 0.0021298979153618314, upper: 0.0023226701464896895, count: 2 },
              { lower: 0.0023226701464896895, upper: 0.002532889755177753, count: 3 },
            ],
          },
        ],
      },
    ])
  })

  test.each([
    ['[0,"1","2"]', 'a bucket is [0,"1","2"], expected'],
    ['[0,"1","2","many"]', 'value is "many", expected a number'],
  ])('the bucket %s is refused by name', (bucket, why) => {
    expect(() => parseAnswer(native.replace(/\[0,[^\]]*\]/, bucket))).toThrow(why)
  })

  test.each([
    ['{"status":"success","data":{"resultType":{"toString":1},"result":[]}}', 'the result is of no type'],
    [
      '{"status":"success","data":{"resultType":"vector","result":[{"metric":{"a":{"toString":1}},"value":[1,"2"]}]}}',
      'the label a is no text',
    ],
    [up.replace('1795377369.367', '-1e308'), "a sample's time is -1e+308 s"],
    [up.replace('"1"', '"constructor"'), 'value is "constructor", expected a number'],
    ['{"status":"error","error":{"toString":1}}', 'Prometheus refused the query: no reason given'],
  ])('%s is refused', (text, why) => {
    expect(() => parseAnswer(text)).toThrow(why)
  })
})
