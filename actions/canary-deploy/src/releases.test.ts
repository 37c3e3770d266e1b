import { describe, expect, test } from '@jest/globals'
import type { Plan } from './plan.ts'
import { noReleases, releaseToReturnTo, remember, type Releases } from './releases.ts'

const plan = (release: string, kind: Plan['kind'] = 'deploy') =>
  ({ kind, release, image: `web@${release}`, version: release, desired: {} }) as Plan
const after = (...plans: readonly Plan[]): Releases =>
  plans.reduce((releases, one, index) => remember(releases, one, index), noReleases)
const back = (releases: Releases, wanted: string | null = null) =>
  releaseToReturnTo(releases, wanted, 'web').release

describe('releases', () => {
  test('the way back leads to the release before the current one', () => {
    expect(back(after(plan('v1'), plan('v2'), plan('v3')))).toBe('v2')
  })

  test('a release that was rolled back is no way back, except by name', () => {
    const releases = after(plan('v1'), plan('v2'), plan('v1', 'rollback'), plan('v3'))
    expect(back(releases)).toBe('v1')
    expect(back(releases, 'v2')).toBe('v2')
  })

  test('deployed again it is good again', () => {
    expect(back(after(plan('v1'), plan('v2'), plan('v1', 'rollback'), plan('v2'), plan('v3')))).toBe('v2')
  })

  test('ten are remembered', () => {
    const many = Array.from({ length: 14 }, (_, i) => plan(`v${String(i)}`))
    expect(after(...many).list.map(({ release }) => release)).toEqual(
      many.slice(4).map(({ release }) => release),
    )
  })

  test.each([
    [after(plan('v1')), null, 'web has no release before v1; recorded are: v1'],
    [noReleases, null, 'web has no release before the first; recorded are: none'],
    [after(plan('v1'), plan('v2')), 'v9', 'web knows no release v9; recorded are: v1, v2'],
  ])('where there is none the sentence says what there is', (releases, wanted, why) => {
    expect(() => back(releases, wanted)).toThrow(why)
  })
})
