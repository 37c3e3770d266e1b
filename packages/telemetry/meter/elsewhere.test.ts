import { metered } from '@alt-las/testing'
import { describe, expect, test } from '@jest/globals'

const { counter, world } = metered
const of = (service: string) => `traefik_service_requests_total{service="${service}",code="200"}`

/** What is said after three scrapes in which these counters grow. */
async function said(...growing: readonly string[]): Promise<string | null> {
  const one = world()
  for (let i = 1; i <= 3; i += 1) {
    for (const name of growing) one.server.add(name, 10)
    one.scrape()
  }
  return one.gateway.elsewhere()
}

describe('requests that are counted elsewhere', () => {
  test('by another port of the Service, with the series in which they are', async () => {
    expect(await said(of('ns-api-http-9000@kubernetesgateway'))).toMatch(
      /^traefik counts requests in .*ns-api-http-9000@kubernetesgateway.*, and none in traefik_service_requests_total\{.*80/,
    )
  })

  test.each([
    [
      'those that are looked for are there',
      [counter('api', '200'), of('ns-api-http-9000@kubernetesgateway')],
    ],
    [
      'only another Service has requests',
      [of('ns-api-other-80@kubernetescrd'), of('ns-api-other-http-80@kubernetesgateway')],
    ],
    ['nobody has', []],
  ])('but not where %s', async (_name, growing) => {
    expect(await said(...growing)).toBeNull()
  })
})
