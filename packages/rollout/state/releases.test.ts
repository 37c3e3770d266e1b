import { describe, expect, test } from '@jest/globals'
import type { Plan } from '../model/plan.ts'
import { type Releases, noReleases } from '../model/releases.ts'
import { releaseToReturnTo, remember } from './releases.ts'

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

  test('the same version deployed once more comes after what was there in between', () => {
    expect(back(after(plan('v1'), plan('v2'), plan('v1')))).toBe('v2')
  })

  test('after a rollback the way back leads further back, never forward', () => {
    const releases = after(plan('v1'), plan('v2'), plan('v3'), plan('v2', 'rollback'))
    expect(back(releases)).toBe('v1')
  })

  test('versions of one branch are told apart', () => {
    const main = (version: string) => ({ ...plan('main'), version })
    const releases = after(main('1a'), main('2b'), main('3c'))
    expect(releases.list.map(({ release }) => release)).toEqual(['main~1a', 'main~2b', 'main'])
    expect(back(releases)).toBe('main~2b')
  })

  test('one whose workload had no room in the state is passed over, and said to be known by name only', () => {
    const { current, list } = after(plan('v1'), plan('v2'), plan('v3'))
    const small = {
      current,
      list: list.map((one) => (one.release === 'v2' ? { ...one, desired: null } : one)),
    }
    expect(back(small)).toBe('v1')
    expect(() => back(small, 'v2')).toThrow('web has only name and image of v2')
  })

  test('ten are remembered', () => {
    const many = Array.from({ length: 14 }, (_, i) => plan(`v${i}`))
    expect(after(...many).list.map(({ release }) => release)).toEqual(
      many.slice(4).map(({ release }) => release),
    )
  })

  test.each([
    [after(plan('v1')), null, 'web has no release before v1; recorded are: v1'],
    [noReleases, null, 'web has no release before the first; recorded are: none'],
    [after(plan('v1'), plan('v2')), 'v9', 'web has no recorded release v9; recorded are: v1, v2'],
  ])('without one the sentence names the recorded ones', (releases, wanted, why) => {
    expect(() => back(releases, wanted)).toThrow(why)
  })
})
