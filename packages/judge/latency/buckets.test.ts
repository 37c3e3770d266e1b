import { describe, expect, test } from '@jest/globals'
import { rebucket, usableBounds } from './buckets.ts'

describe('usableBounds', () => {
  test.each([
    [[1, 2, 4, Infinity], 1.1, [1, 2, 4]],
    [[1, 1.05, 1.2, 1.25, 2], 1.1, [1, 1.2, 2]],
    [[0.1, 0.2, 0.3, 0.4], 2, [0.1, 0.2, 0.4]],
    [[0.5], 1.1, [0.5]],
    [[Infinity], 1.1, []],
  ])('of %j, %d apart: %j', (bounds, ratio, usable) => {
    expect(usableBounds(bounds, ratio)).toEqual(usable)
  })
})

describe('rebucket', () => {
  test('adds up what was merged, and loses nothing', () => {
    const histogram = { bounds: [1, 1.05, 1.2, 1.25, 2], counts: [1, 2, 3, 4, 5, 6] }
    expect(rebucket(histogram, [1, 1.2, 2])).toEqual([1, 5, 9, 6])
  })

  test('takes a last bound of Infinity as well', () => {
    expect(rebucket({ bounds: [1, 2, Infinity], counts: [1, 2, 3] }, [1, 2])).toEqual([1, 2, 3])
    expect(rebucket({ bounds: [1, 2, 3, Infinity], counts: [1, 2, 3, 4] }, [1, 3])).toEqual([1, 5, 4])
  })

  test('refuses counts that lie across a bound, and only those', () => {
    expect(rebucket({ bounds: [1, 4], counts: [1, 2, 3] }, [1, 2, 4])).toBeNull()
    expect(rebucket({ bounds: [1, 4], counts: [1, 0, 3] }, [1, 2, 4])).toEqual([1, 0, 0, 3])
  })
})
