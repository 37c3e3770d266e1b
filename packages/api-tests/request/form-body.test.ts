import { describe, expect, test } from '@jest/globals'
import { parseApiTests } from '../api-file.ts'
import { fill } from './variables.ts'

const sent = (request: string) => {
  const [one] = parseApiTests(`tests: [{ name: a, request: { method: POST, path: /, ${request} } }]`, 't')
  if (one === undefined) throw new Error('no test')
  const filled = fill(one.request, new Map([['id', 'a&b "ü"']]))
  if (filled.kind === 'missing') throw new Error(`missing: ${filled.names.join()}`)
  return filled.request
}

describe('a form', () => {
  test('is encoded with its variables', () => {
    expect(sent('form: { user: "${id}", b c: "1+1" }')).toEqual({
      method: 'POST',
      path: '/',
      headers: { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' },
      body: 'user=a%26b+%22%C3%BC%22&b+c=1%2B1',
    })
  })

  test('may have parts, and files', () => {
    const { headers, body } = sent(
      'multipart: { note: "${id}", data: { filename: a.csv, content-type: text/csv, content: "x,alt-las-delivery" } }',
    )
    expect(headers['content-type']).toBe('multipart/form-data; boundary=alt-las-delivery-')
    expect(body).toBe(
      [
        '--alt-las-delivery-',
        'content-disposition: form-data; name="note"',
        '',
        'a&b "ü"',
        '--alt-las-delivery-',
        'content-disposition: form-data; name="data"; filename="a.csv"',
        'content-type: text/csv',
        '',
        'x,alt-las-delivery',
        '--alt-las-delivery---',
        '',
      ].join('\r\n'),
    )
  })

  test('is read by another implementation as it was written', async () => {
    const { headers, body } = sent('multipart: { "a\\"b": "1\\r\\n2", f: { filename: x, content: "${id}" } }')
    const form = await new Response(body, { headers }).formData()
    expect(form.get('a"b')).toBe('1\r\n2')
    await expect((form.get('f') as File).text()).resolves.toBe('a&b "ü"')
  })

  test.each([
    ['form: { a: 1 }', 'must be string'],
    ['form: { a: x }, body: y', 'must NOT be valid'],
    ['form: { a: x }, multipart: { a: x }', 'must NOT be valid'],
    ['json: 1, multipart: { a: x }', 'must NOT be valid'],
    ['multipart: { a: { content: x, content-type: "a\\r\\nb: c" } }', 'must match pattern'],
    ['multipart: {}', 'must NOT have fewer than 1 properties'],
  ])('is refused as %s', (request, problem) => {
    expect(() => sent(request)).toThrow(problem)
  })
})
