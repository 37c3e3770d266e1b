import type { Value } from './value.ts'

/** `linux/arm64/v8` as BuildKit writes it: `linux/arm64`. */
export function normalPlatform(platform: string): string {
  const [os = '', architecture = '', variant = ''] = platform.toLowerCase().split('/')
  const known = aliases[architecture] ?? { architecture, variant }
  const full = { architecture: known.architecture, variant: variant === '' ? known.variant : variant }
  const isDefault =
    (full.architecture === 'arm64' && full.variant === 'v8') ||
    (full.architecture === 'amd64' && full.variant === 'v1')
  return [os, full.architecture, ...(isDefault || full.variant === '' ? [] : [full.variant])].join('/')
}

const aliases: Readonly<Record<string, { readonly architecture: string; readonly variant: string }>> = {
  x86_64: { architecture: 'amd64', variant: '' },
  'x86-64': { architecture: 'amd64', variant: '' },
  aarch64: { architecture: 'arm64', variant: '' },
  armhf: { architecture: 'arm', variant: 'v7' },
  armel: { architecture: 'arm', variant: 'v6' },
  arm: { architecture: 'arm', variant: 'v7' },
}

/** The arguments that BuildKit sets before the first FROM. `platform` is null where the builder chooses it. */
export function platformArguments(
  platform: string | null,
  target: string | null,
): ReadonlyMap<string, Value> {
  const given = platform === null ? null : normalPlatform(platform)
  return new Map<string, Value>([
    ...partsOf('TARGET', given),
    // Only the builder knows the platform that it runs on.
    ...partsOf('BUILD', null),
    ['TARGETSTAGE', target ?? 'default'],
  ])
}

function partsOf(prefix: string, platform: string | null): readonly (readonly [string, Value])[] {
  const [os = '', architecture = '', variant = ''] = platform?.split('/') ?? []
  const values = { PLATFORM: platform ?? '', OS: os, ARCH: architecture, VARIANT: variant, OSVERSION: '' }
  return Object.entries(values).map(([name, value]) => {
    const full = prefix + name
    return [full, platform === null ? { because: `${full} depends on the builder` } : value]
  })
}
