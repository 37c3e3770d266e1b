import { isRoot, type Practice } from './practice.ts'
import type { Inputs } from '../inputs.ts'
import type { PlatformImage } from '../image.ts'
import type { Finding } from './rule.ts'
import { formatSize } from '../size.ts'

/** A finding, and what becomes of it. */
export interface JudgedFinding extends Finding {
  readonly kind: 'refuses' | 'reported' | 'waived'
  /** Why it was waived, '' else. */
  readonly reason: string
}

/** Splits findings by the inputs `practice` and `practice-waivers`. */
export function judgeFindings(findings: readonly Finding[], inputs: Inputs): readonly JudgedFinding[] {
  if (inputs.practice === 'off') return []
  return findings.map((finding) => {
    const waiver = inputs.practiceWaivers.find(({ rule }) => rule === finding.rule)
    if (waiver !== undefined) return { ...finding, kind: 'waived', reason: waiver.reason }
    return { ...finding, kind: inputs.practice === 'enforce' ? 'refuses' : 'reported', reason: '' }
  })
}

/** What the Dockerfile left open, answered by the image: an inherited user or health check counts. */
export function settle(open: Practice['open'], images: readonly PlatformImage[]): readonly Finding[] {
  return open.flatMap(({ rule, line }) => {
    const broken = images.filter((image) =>
      rule === 'healthcheck' ? !image.hasHealthcheck : isRoot(image.user),
    )
    if (broken.length === 0) return []
    const message =
      rule === 'healthcheck'
        ? 'the image has no HEALTHCHECK; give a command that tells health'
        : 'the image runs as root; set a numeric USER other than 0'
    return [{ rule, line, message }]
  })
}

/** One sentence each; empty where nothing speaks against the image. */
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
          `${String(refusing.length)} practice ${refusing.length === 1 ? 'finding' : 'findings'} in the Dockerfile: ${refusing
            .map(({ rule, line, message }) => `line ${String(line)}: ${message} (${rule})`)
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
