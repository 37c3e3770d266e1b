import { parseApiTests } from '@alt-las/api-tests'
import { describe, expect, test } from '@jest/globals'
import { plan, rollout } from '../../../../packages/rollout/testing/facts.ts'
import { quietAddresses, streamsOf } from './streams.ts'

const auto = [{ url: 'https://shop.example/', rate: null }]
const quiet = { taken: 'synthetic', because: '', rate: 20 } as const
const taken = { plan, judgement: { ...rollout.judgement, quiet } }

const smoke = parseApiTests(
  `
tests:
  - { name: reads, request: { path: /version } }
  - { name: reads again, request: { path: /version } }
  - { name: reads the cart, request: { path: '/cart?a=1' } }
  - { name: writes, request: { method: POST, path: /orders, json: {} } }
  - { name: needs a header, request: { path: /mine, headers: { authorization: x } } }
  - { name: needs an answer, request: { path: '/orders/\${id}' } }
  - { name: expects an error, request: { path: /nothing }, expect: { status: 404 } }
`,
  'smoke.yaml',
)

describe('streams', () => {
  test('with a rate of their own are sent in any case, the others where on-quiet took them', () => {
    const given = [...auto, { url: 'https://shop.example/health', rate: 5 }]
    expect(streamsOf(rollout, given)).toEqual([{ url: 'https://shop.example/health', rate: 5 }])
    expect(streamsOf(taken, given)).toEqual([
      { url: 'https://shop.example/health', rate: 5 },
      { url: 'https://shop.example/', rate: 20 },
    ])
  })

  test('share the rate over the paths of the API tests that only read', () => {
    expect(streamsOf({ ...taken, plan: { ...plan, smoke } }, auto)).toEqual([
      { url: 'https://shop.example/version', rate: 10 },
      { url: 'https://shop.example/cart?a=1', rate: 10 },
    ])
  })

  test('go to the address as it is where no test only reads', () => {
    const writes = smoke.filter(({ name }) => name === 'writes')
    expect(quietAddresses({ ...plan, smoke: writes }, auto)).toEqual(['https://shop.example/'])
  })
})
