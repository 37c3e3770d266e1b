import { describe, expect, test } from '@jest/globals'
import { parseApiTests } from './api-file.ts'

const parsing = (text: string) => parseApiTests(text, 'tests.yaml')

describe('a file of API tests', () => {
  test('has defaults that fit most requests', () => {
    const [one] = parsing('tests: [{ name: a, request: { path: /x } }]')
    expect(one).toEqual({
      name: 'a',
      request: { method: 'GET', path: '/x', headers: { accept: 'application/json' }, body: null },
      expect: { status: ['2xx'], headers: {}, json: {}, schema: null, latencyMs: null },
      capture: {},
      eventuallyMs: 0,
      loadWeight: 0,
    })
  })

  test('says everything that a request can need', () => {
    const [one] = parsing(`
      tests:
        - name: store
          request: { method: POST, path: /d, headers: { X-Key: k }, json: { title: t } }
          expect: { status: [201, 2xx], headers: { location: { pattern: ^/d/ } }, json: { $.id: { type: string } }, latency: 500ms }
          capture: { id: $.id }
          eventually: 10s
          load: 3`)
    expect(one).toMatchObject({
      request: { body: '{"title":"t"}', headers: { 'content-type': 'application/json', 'x-key': 'k' } },
      expect: { status: ['201', '2xx'], latencyMs: 500 },
      capture: { id: '$.id' },
      eventuallyMs: 10_000,
      loadWeight: 3,
    })
  })

  test.each([
    ['tests: []', 'must NOT have fewer than 1 items'],
    ['tests: [{ name: a, request: { path: x } }]', '$.tests[0].request.path must match pattern "^/"'],
    [
      'tests: [{ name: a, request: { path: /x }, expects: {} }]',
      'must NOT have additional properties ("expects")',
    ],
    [
      'tests: [{ name: a, request: { path: /x, method: get } }]',
      'must be equal to one of the allowed values',
    ],
    ['tests: [{ name: a, request: { path: /x, json: 1, body: y } }]', 'must NOT be valid'],
    [
      'tests: [{ name: a, request: { path: /x }, capture: { id: id } }]',
      'test 1 (a): id: got "id", expected a JSON path',
    ],
    [
      'tests: [{ name: a, request: { path: /x }, expect: { latency: 5 s } }]',
      'expected a duration such as 500ms',
    ],
    ['tests: [', 'tests.yaml is not a file of API tests'],
  ])('%s is refused', (text, problem) => {
    expect(() => parsing(text)).toThrow(expect.objectContaining({ code: 'bad-api-tests', fault: 'input' }))
    expect(() => parsing(text)).toThrow(
      expect.objectContaining({ message: expect.stringContaining(problem) }),
    )
  })
})
