import type { Dockerfile } from '../dockerfile/dockerfile.ts'
import type { PlatformImage } from '../image.ts'
import { expectedFindings, judgeImage, judgeUserId } from './image-rules.ts'
import type { PracticeFinding, Practice, Unjudged } from './rule.ts'
import { judgeSource, type SourceOptions } from './source-rules.ts'

export type PracticeOptions = Omit<SourceOptions, 'platform'>

/** The findings that are certain before the build, so that a refusal costs none. Empty `platforms`: the builder chooses. */
export function judgeBefore(
  dockerfile: Dockerfile,
  options: PracticeOptions,
  platforms: readonly string[],
): Practice['findings'] {
  const each = platforms.length === 0 ? [null] : platforms
  return merged(
    each.map((platform) => [platform ?? '', judgeSource(dockerfile, { ...options, platform }).findings]),
  )
}

/** The list of a refusal before the build: the certain findings, and those that the Dockerfile predicts for the image. */
export function judgeRefused(
  dockerfile: Dockerfile,
  options: PracticeOptions,
  platforms: readonly string[],
): Practice['findings'] {
  const each = platforms.length === 0 ? [null] : platforms
  return merged(
    each.map((platform) => {
      const own = { ...options, platform }
      return [
        platform ?? '',
        [...judgeSource(dockerfile, own).findings, ...expectedFindings(dockerfile, own)],
      ]
    }),
  )
}

/** All rules, judged on the image of every platform and on the Dockerfile as it is read for that platform. */
export function judgeBuilt(
  dockerfile: Dockerfile,
  options: PracticeOptions,
  images: readonly PlatformImage[],
): Practice {
  const each = images.map((image) => {
    const { platform, config } = image
    const own = { ...options, platform }
    const source = judgeSource(dockerfile, own)
    const user = judgeUserId(image, dockerfile, own)
    return {
      platform,
      unjudged: [...source.unjudged, ...user.unjudged],
      findings: [...source.findings, ...judgeImage(config, dockerfile, own), ...user.findings],
    }
  })
  return {
    findings: merged(each.map(({ platform, findings }) => [platform, findings])),
    unjudged: merged(each.map(({ platform, unjudged }) => [platform, unjudged])),
  }
}

type PerPlatform<T> = readonly (readonly [platform: string, found: readonly T[]])[]

// A finding of all platforms is listed once; a finding of some platforms names them.
function merged<T extends PracticeFinding | Unjudged>(each: PerPlatform<T>): readonly T[] {
  const found = new Map<string, { readonly one: T; readonly platforms: Set<string> }>()
  for (const [platform, list] of each)
    for (const one of list) {
      const key = JSON.stringify(one)
      const entry = found.get(key) ?? { one, platforms: new Set() }
      found.set(key, { ...entry, platforms: entry.platforms.add(platform) })
    }
  return [...found.values()]
    .map(({ one, platforms }) => (platforms.size === each.length ? one : on([...platforms].join(', '), one)))
    .toSorted((a, b) => a.line - b.line)
}

function on<T extends PracticeFinding | Unjudged>(platforms: string, one: T): T {
  return 'message' in one
    ? { ...one, message: `${one.message} (${platforms})` }
    : { ...one, because: `${one.because} (${platforms})` }
}
