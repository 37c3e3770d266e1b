import { normalPlatform } from '@alt-las/registry'
import type { Value } from './value.ts'

/** The platforms of a build; null if the builder chooses them or does not report them. */
export interface Platforms {
  /** What is built for. */
  readonly platform: string | null
  /** Where it is built. */
  readonly builderPlatform: string | null
}

/** The arguments that BuildKit sets before the first FROM. */
export function platformArguments(
  { platform, builderPlatform }: Platforms,
  target: string | null,
): ReadonlyMap<string, Value> {
  return new Map<string, Value>([
    ...partsOf('TARGET', platform === null ? null : normalPlatform(platform)),
    ...partsOf('BUILD', builderPlatform),
    ['TARGETSTAGE', target ?? 'default'],
  ])
}

/** Whether a text depends on the platform of the builder. */
export function namesBuilder(text: string): boolean {
  return /\bBUILD(?:PLATFORM|OS|OSVERSION|ARCH|VARIANT)\b/.test(text)
}

function partsOf(prefix: string, platform: string | null): readonly (readonly [string, Value])[] {
  const [os = '', architecture = '', variant = ''] = platform?.split('/') ?? []
  const values = { PLATFORM: platform ?? '', OS: os, ARCH: architecture, VARIANT: variant, OSVERSION: '' }
  return Object.entries(values).map(([name, value]) => {
    const full = prefix + name
    return [full, platform === null ? { because: `${full} depends on the builder` } : value]
  })
}
