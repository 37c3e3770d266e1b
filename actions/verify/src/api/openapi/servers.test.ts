import { describe, expect, test } from '@jest/globals'
import { parseOpenapi } from './openapi.ts'

const get = { get: { responses: {} } }
const finding = (given: {
  readonly document: object
  readonly url: string
  readonly path: string
  readonly source?: string
}) => {
  const text = JSON.stringify({ openapi: '3.1.0', paths: { '/user': get }, ...given.document })
  const at = { source: given.source ?? 'openapi.json', url: new URL(given.url) }
  return parseOpenapi(text, at).find('GET', given.path)?.path ?? null
}
const servers = (...urls: readonly string[]) => ({ servers: urls.map((url) => ({ url })) })
const withVariables = (url: string, variables: object) => ({ servers: [{ url, variables }] })
const items = { item: { servers: [{ url: '/v2' }], ...get } }

describe('a request finds its operation', () => {
  test.each<[string, object, string, string]>([
    ['below a URL with the path of the server', servers('http://other/api/v1'), 'http://h/api/v1', '/user'],
    ['by its whole path', servers('http://other/api/v1'), 'http://h', '/api/v1/user'],
    ['of the second server', servers('http://h', 'http://h/api/v1'), 'http://h', '/api/v1/user'],
    ['below a relative server', servers('/api/v1'), 'http://h', '/api/v1/user'],
    ['below a relative server behind a prefix', servers('/v1'), 'http://h/base', '/v1/user'],
    ['below a server relative to the document', servers('v1'), 'http://h', '/v1/user'],
    ['below a URL that stands for the server', servers('https://prod/v2'), 'http://h/other', '/user'],
    ['without a server', {}, 'http://h/api/v1', '/user'],
    ['with a slash at the end', servers('http://h/v1/'), 'http://h', '/v1/user/'],
    [
      'below the default of a variable',
      withVariables('https://{e}.x/{b}', { e: { default: 'p' }, b: { default: 'api/v1' } }),
      'http://h',
      '/api/v1/user',
    ],
    [
      'below a value of an enum',
      withVariables('/{v}', { v: { default: 'v1', enum: ['v1', 'v2'] } }),
      'http://h',
      '/v2/user',
    ],
    [
      'below any value without an enum',
      withVariables('/{v}', { v: { default: 'v1' } }),
      'http://h',
      '/v7/user',
    ],
    ['below the server of its path', { paths: { '/user': items.item } }, 'http://h', '/v2/user'],
    [
      'below the server of its own',
      { paths: { '/user': { ...items.item, get: { servers: [{ url: '/v3' }] } } } },
      'http://h',
      '/v3/user',
    ],
    [
      'in a path item that is referred to',
      { paths: { '/user': { $ref: '#/components/pathItems/U' } }, components: { pathItems: { U: get } } },
      'http://h',
      '/user',
    ],
    ['with another percent-encoding', { paths: { '/user': get, '/caf%C3%A9 1': get } }, 'http://h', '/user'],
  ])('%s', (_, document, url, path) => {
    expect(finding({ document, url, path })).toBe('/user')
  })

  test('with a path that is encoded in another way', () => {
    const document = { paths: { '/café 1/{id}': get } }
    expect(finding({ document, url: 'http://h', path: '/caf%C3%A9%201/a%2Fb' })).toBe('/café 1/{id}')
  })

  test('below a server relative to a document that is served', () => {
    const given = { document: servers('./v1'), url: 'http://h/base', source: '/docs/openapi.json' }
    expect(finding({ ...given, path: '/docs/v1/user' })).toBe('/user')
  })

  test.each<[string, object, string, string]>([
    ['a path that no server has', servers('http://h/api/v1'), 'http://h', '/user'],
    [
      'a value that the enum lacks',
      withVariables('/{v}', { v: { default: 'v1', enum: ['v1'] } }),
      'http://h',
      '/v2/user',
    ],
    ['the path of another operation', {}, 'http://h', '/users'],
  ])('but not by %s', (_, document, url, path) => {
    expect(finding({ document, url, path })).toBeNull()
  })
})
