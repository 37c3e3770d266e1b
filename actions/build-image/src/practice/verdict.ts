import type { Inputs } from '../inputs.ts'
import type { PlatformImage } from '../image.ts'
import type { PracticeFinding } from './rule.ts'
import { formatSize } from '@alt-las/registry'

/** A finding and its effect. */
export interface JudgedFinding extends PracticeFinding {
  readonly kind: 'refuses' | 'reported' | 'waived'
  /** The reason of the waiver; '' without one. */
  readonly reason: string
}

/** Splits findings by the inputs `practice` and `practice-waivers`. */
export function judgeFindings(
  findings: readonly PracticeFinding[],
  inputs: Inputs,
): readonly JudgedFinding[] {
  if (inputs.practice === 'off') return []
  return findings.map((finding) => {
    const waiver = inputs.practiceWaivers.find(({ rule }) => rule === finding.rule)
    if (waiver !== undefined) return { ...finding, kind: 'waived', reason: waiver.reason }
    return { ...finding, kind: inputs.practice === 'enforce' ? 'refuses' : 'reported', reason: '' }
  })
}

/** One sentence per objection; empty without any. */
export function refusals(
  findings: readonly JudgedFinding[],
  images: readonly PlatformImage[],
  { sizeLimit }: Inputs,
): readonly string[] {
  const refusing = findings.filter(({ kind }) => kind === 'refuses')
  const [first] = refusing
  const practice =
    first === undefined
      ? []
      : [
          `${refusing.length} practice ${refusing.length === 1 ? 'finding' : 'findings'}: ${refusing
            .map(({ rule, line, message }) => `line ${line}: ${message} (${rule})`)
            .join('; ')}`,
        ]
  const large = images.filter((image) => sizeLimit !== null && image.size > sizeLimit)
  return [
    ...practice,
    ...large.map(
      (image) =>
        `the image for ${image.platform} has ${formatSize(image.size)}, more than the limit of ${formatSize(sizeLimit ?? 0)}`,
    ),
  ]
}
