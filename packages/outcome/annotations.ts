import type { Annotation, Report, ReportFinding } from './report.ts'

/** GitHub shows this many annotations of one level for a step, and drops the others without a word. */
const mostPerLevel = 10

const levels = { refuses: 'error', warns: 'warning', informs: 'notice' } as const satisfies Record<
  ReportFinding['effect'],
  Annotation['level']
>

const plurals = { error: 'errors', warning: 'warnings', notice: 'notices' } as const

/**
 * The findings of a report as GitHub shows them, at most ten of each level: where there are more, the tenth says how many. `first` comes
 * before the findings and counts with them.
 */
export function toAnnotations(
  { findings = [] }: Pick<Report, 'findings'>,
  first: readonly Annotation[] = [],
): readonly Annotation[] {
  const all = [...first, ...findings.map(annotation)]
  return Object.values(levels).flatMap((level) => limited(all.filter((one) => one.level === level)))
}

function annotation({ effect, ...shown }: ReportFinding): Annotation {
  return { level: levels[effect], ...shown }
}

function limited(all: readonly Annotation[]): readonly Annotation[] {
  const [one] = all
  if (one === undefined || all.length <= mostPerLevel) return all
  const shown = all.slice(0, mostPerLevel - 1)
  const { level } = one
  const message = `${all.length - shown.length} more ${plurals[level]}: see the job summary and the outcome document`
  return [...shown, { level, message }]
}
