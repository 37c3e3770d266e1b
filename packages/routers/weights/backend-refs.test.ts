import { describe, expect, test } from '@jest/globals'
import { shareOf, splitRefs, withoutCanary } from './backend-refs.ts'

const pair = { namespace: 'shop', service: 'web', canaryService: 'web-canary' }
const web = { name: 'web', port: 80 }
const weights = (refs: readonly { name: string; weight?: number }[]) =>
  refs.map(({ name, weight }) => `${name}:${weight}`).join(' ')

describe('weights', () => {
  test.each([
    [10, 'web:90 web-canary:10'],
    [0.1, 'web:999 web-canary:1'],
    [50, 'web:50 web-canary:50'],
    [0, 'web:100 web-canary:0'],
    [100, 'web:0 web-canary:100'],
  ])('%s %% of a lone service', (percent, expected) => {
    const refs = splitRefs([web], pair, percent)
    expect(weights(refs)).toBe(expected)
    expect(shareOf(refs, pair)).toBe(percent)
  })

  test('other backends keep their proportion over every change', () => {
    let refs: ReturnType<typeof splitRefs> = [
      { ...web, weight: 1 },
      { name: 'old', port: 80, weight: 3 },
    ]
    for (const percent of [10, 33.3, 50, 100, 0]) {
      refs = splitRefs(refs, pair, percent)
      expect(shareOf(refs, pair)).toBe(percent)
      const sum = (names: readonly string[]) =>
        refs.filter(({ name }) => names.includes(name)).reduce((total, { weight = 1 }) => total + weight, 0)
      expect(sum(['old']) / sum(['web', 'web-canary'])).toBe(3)
      expect(refs.every(({ weight = 1 }) => Number.isInteger(weight) && weight <= 1_000_000)).toBe(true)
    }
  })

  test("the canary's entry has the service's port and filters", () => {
    const filters = [{ type: 'RequestHeaderModifier' }]
    const refs = splitRefs([{ ...web, filters } as typeof web], pair, 10)
    expect(refs[1]).toEqual({ ...web, filters, name: 'web-canary', weight: 10 })
  })

  test('a backend of the same name in another namespace, or of another kind, is another backend', () => {
    const others = [
      { ...web, namespace: 'test' },
      { ...web, kind: 'Mirror' },
    ]
    expect(weights(splitRefs([...others, web], pair, 50))).toBe('web:2 web:2 web:1 web-canary:1')
  })

  test('without the canary the service has back what both had', () => {
    expect(weights(withoutCanary(splitRefs([{ ...web, weight: 7 }], pair, 30), pair))).toBe('web:100')
    expect(withoutCanary([web], pair)).toEqual([web])
  })
})
