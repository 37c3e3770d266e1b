import { describe, expect, test } from '@jest/globals'
import { toAnnotations, type Annotation, type ReportFinding } from './index.ts'

const finding = (effect: ReportFinding['effect'], n: number): ReportFinding => ({
  effect,
  title: 'practice: pinned-base',
  message: `finding ${n}`,
  file: 'services/Dockerfile',
  line: n,
})
const many = (effect: ReportFinding['effect'], n: number) =>
  Array.from({ length: n }, (_, i) => finding(effect, i + 1))
const conclusion: Annotation = { level: 'error', title: 'build-image: refused', message: '12 findings' }

describe('toAnnotations', () => {
  test.each([
    ['refuses', 'error'],
    ['warns', 'warning'],
    ['informs', 'notice'],
  ] as const)('a finding that %s is one %s with title, file and line', (effect, level) => {
    expect(toAnnotations({ findings: [finding(effect, 3)] })).toEqual([
      { level, title: 'practice: pinned-base', message: 'finding 3', file: 'services/Dockerfile', line: 3 },
    ])
  })

  test('ten of one level are all shown', () => {
    expect(toAnnotations({ findings: many('warns', 10) }).map(({ line }) => line)).toEqual([
      1, 2, 3, 4, 5, 6, 7, 8, 9, 10,
    ])
  })

  test.each([
    ['refuses', '3 more errors: see the job summary and the outcome document'],
    ['warns', '3 more warnings: see the job summary and the outcome document'],
    ['informs', '3 more notices: see the job summary and the outcome document'],
  ] as const)('the tenth says how many more there are that %s', (effect, message) => {
    const shown = toAnnotations({ findings: many(effect, 12) })
    expect(shown).toHaveLength(10)
    expect(shown.at(-1)).toEqual({ level: shown[0]?.level, message })
  })

  test('each level has a limit of its own, and what comes first is never cut off', () => {
    const findings = [...many('informs', 1), ...many('warns', 20), ...many('refuses', 20)]
    const shown = toAnnotations({ findings }, [conclusion])
    const count = (level: Annotation['level']) => shown.filter((one) => one.level === level).length
    expect([count('error'), count('warning'), count('notice')]).toEqual([10, 10, 1])
    expect(shown[0]).toBe(conclusion)
    expect(shown[9]?.message).toMatch(/^12 more errors/)
  })

  test('a report without findings has none', () => {
    expect(toAnnotations({})).toEqual([])
  })
})
