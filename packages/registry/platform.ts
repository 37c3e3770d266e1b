export interface Platform {
  readonly os: string
  readonly architecture: string
  readonly variant?: string
}

/** `linux/arm/v7`, as every action spells it. */
export function formatPlatform({ os, architecture, variant }: Platform): string {
  return normalPlatform([os, architecture, ...(variant === undefined ? [] : [variant])].join('/'))
}

/** The one spelling of a platform, that of BuildKit: `linux/arm64` for `linux/arm64/v8` and for `linux/aarch64`. */
export function normalPlatform(platform: string): string {
  const [os = '', architecture = '', variant = ''] = platform.toLowerCase().split('/')
  const known = aliases[architecture] ?? { architecture, variant }
  const full = { architecture: known.architecture, variant: variant === '' ? known.variant : variant }
  const isDefault =
    (full.architecture === 'arm64' && /^v?8$/.test(full.variant)) ||
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
