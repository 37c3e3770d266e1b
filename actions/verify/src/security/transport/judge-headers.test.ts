import { describe, expect, test } from '@jest/globals'
import { fakeHttp, reply } from '../../testing/wire.ts'
import { judgeHeaders, type HeaderPlan } from './judge-headers.ts'

const url = new URL('https://shop.example')
const hsts = (value: string) => ({ 'strict-transport-security': value })
const judged = (headers: Readonly<Record<string, string>>, own: Partial<HeaderPlan> = {}) =>
  judgeHeaders(
    {
      url,
      paths: ['/'],
      rules: {},
      hstsDays: 180,
      timeoutMs: 1,
      signal: new AbortController().signal,
      ...own,
    },
    { http: fakeHttp((path) => (path === '/missing' ? reply({ status: 404 }) : reply({ headers }))) },
  )

describe('the headers', () => {
  test.each([
    ['max-age=31536000'],
    ['max-age=15552000; includeSubDomains'],
    ['includeSubDomains; max-age="31536000"'],
  ])('pass with %s', async (value) => {
    await expect(judged(hsts(value))).resolves.toMatchObject({ ok: true })
  })

  test.each([
    [{}, 'Strict-Transport-Security is missing'],
    [hsts('max-age=86400'), 'Strict-Transport-Security has 1 days, expected at least 180 days'],
    [hsts('includeSubDomains'), 'Strict-Transport-Security has no max-age'],
  ])('are refused with %j', async (headers, because) => {
    const found = await judged(headers)
    expect(found.ok).toBe(false)
    expect(found.because).toContain(because)
  })

  test('expect no HSTS of an address, nor where the policy says 0 days', async () => {
    await expect(judged({}, { url: new URL('https://127.0.0.1') })).resolves.toMatchObject({ ok: true })
    await expect(judged({}, { hstsDays: 0 })).resolves.toMatchObject({ ok: true })
  })

  test('of the policy are judged: there, absent, with a part of the value', async () => {
    const rules = { 'X-Content-Type-Options': 'nosniff', server: false, 'x-request-id': true }
    const found = await judged(
      { 'x-content-type-options': 'other', server: 'nginx/1.2' },
      { hstsDays: 0, rules },
    )
    expect(found.because).toBe(
      'GET / (200): X-Content-Type-Options does not contain "nosniff"; server must not be there; x-request-id is missing',
    )
    const good = { 'x-content-type-options': 'NoSniff', 'x-request-id': '1' }
    await expect(judged(good, { hstsDays: 0, rules })).resolves.toMatchObject({ ok: true })
  })

  test('are read where the host answers; a host of 404 alone is named as not checked', async () => {
    await expect(judged(hsts('max-age=31536000'), { paths: ['/missing', '/'] })).resolves.toMatchObject({
      because: expect.stringContaining('GET / (200)'),
    })
    const none = await judged({}, { paths: ['/missing'] })
    expect(none).toMatchObject({ ok: true, notChecked: [expect.stringContaining('shop.example')] })
  })
})
