import { describe, expect, test } from '@jest/globals'
import { proxyFor } from './index.ts'

const proxy = 'http://proxy:3128'

test.each<[string, Record<string, string>, string | null]>([
  ['http://a.example/', { HTTP_PROXY: proxy }, proxy],
  ['https://a.example/', { HTTP_PROXY: proxy }, null],
  ['https://a.example/', { HTTPS_PROXY: proxy }, proxy],
  ['https://a.example/', { https_proxy: proxy, HTTPS_PROXY: 'http://other' }, proxy],
  ['https://a.example/', { HTTPS_PROXY: '' }, null],
])('%s with %j goes to %s', (url, variables, expected) => {
  expect(proxyFor(new URL(url), variables)).toBe(expected)
})

test.each(['http://127.0.0.1:5000/', 'http://127.1.2.3/', 'http://localhost:5000/', 'http://[::1]:5000/'])(
  '%s is this machine, which no proxy reaches',
  (url) => {
    expect(proxyFor(new URL(url), { HTTP_PROXY: proxy })).toBeNull()
  },
)

describe('NO_PROXY', () => {
  const isDirect = (url: string, entry: string) =>
    proxyFor(new URL(url), { HTTPS_PROXY: proxy, HTTP_PROXY: proxy, NO_PROXY: entry }) === null

  test.each([
    ['https://a.example/', '*'],
    ['https://a.example/', 'a.example'],
    ['https://b.a.example/', 'a.example'],
    ['https://b.a.example/', '.a.example'],
    ['https://b.a.example/', '*.a.example'],
    ['https://A.Example./', 'a.example'],
    ['https://a.example/', 'x, a.example'],
    ['https://a.example/', 'x a.example'],
    ['https://a.example/', 'a.example:443'],
    ['http://a.example/', 'a.example:80'],
    ['http://a.example:8080/', 'a.example:8080'],
    ['https://10.1.2.3/', '10.0.0.0/8'],
    ['https://10.1.2.3/', '10.1.2.3'],
    ['https://10.1.2.3:6443/', '10.1.2.3:6443'],
    ['https://10.1.2.3/', '10.1.2.1-10.1.2.9'],
    ['https://[fd00::1]/', 'fd00::/8'],
    ['https://[fd00::1]/', 'fd00::1'],
  ])('%s is reached directly by %s', (url, entry) => {
    expect(isDirect(url, entry)).toBe(true)
  })

  test.each([
    ['https://a.example/', ''],
    ['https://a.example/', 'b.example'],
    ['https://nota.example/', 'a.example'],
    ['https://a.example/', 'a.example:8443'],
    ['https://a.example/', 'example.org,.'],
    ['https://11.1.2.3/', '10.0.0.0/8'],
    ['https://10.1.2.3/', '10.1.2.3:8443'],
    ['https://10.a.example/', '10.0.0.0/8'],
    ['https://10.1.2.3/', '10.0.0.0/99'],
  ])('%s is not by %j', (url, entry) => {
    expect(isDirect(url, entry)).toBe(false)
  })
})
