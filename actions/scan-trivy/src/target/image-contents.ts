import { layerFiles } from '@alt-las/registry'

/** What an image consists of, by its own files. */
export type ImageContents =
  | {
      readonly kind: 'read'
      /** `arch`, `void 2024`; `unknown distribution` where only a package manager's database is there; null without one. */
      readonly distribution: string | null
      /** Ecosystems that Trivy passes over in an image, by Trivy's names. */
      readonly ecosystems: readonly string[]
    }
  | { readonly kind: 'unreadable'; readonly because: string }

const releases = new Set(['etc/os-release', 'usr/lib/os-release'])

/** Where package managers keep what they have installed. */
const databases =
  /^(?:var\/lib\/(?:dpkg\/status|rpm\/|pacman\/local\/|opkg\/|xbps\/)|(?:usr\/)?lib\/apk\/db\/installed|usr\/lib\/(?:sysimage\/rpm|opkg)\/|var\/db\/pkg\/|nix\/store\/.)/

/** Trivy reads them for an SBOM only, and says so in its log. */
const ecosystems = [{ name: 'conda-pkg', files: /(?:^|\/)conda-meta\/[^/]+\.json$/ }] as const

const unknown = 'unknown distribution'

/**
 * Reads the layers, from the lowest to the highest: Trivy names no distribution both where there is none, as in an image of one static
 * program, and where it does not know it. A file that a higher layer removes counts all the same: what came with it is still there.
 */
export async function readContents(layers: readonly string[], signal: AbortSignal): Promise<ImageContents> {
  let named: string | null = null
  let hasDatabase = false
  const found = new Set<string>()
  try {
    for (const layer of layers)
      for await (const { path, read } of layerFiles(layer, signal)) {
        if (releases.has(path)) named = nameIn((await read())?.toString() ?? unreadable) ?? named
        hasDatabase ||= databases.test(path)
        for (const { name, files } of ecosystems) if (files.test(path)) found.add(name)
      }
  } catch (error) {
    if (signal.aborted) throw error
    return { kind: 'unreadable', because: error instanceof Error ? error.message : String(error) }
  }
  return { kind: 'read', distribution: named ?? (hasDatabase ? unknown : null), ecosystems: [...found] }
}

/** Stands for a release file that is larger than any. */
const unreadable = '?'

/** `ID` and `VERSION_ID` of os-release; null where it is a link, which has no content. */
function nameIn(text: string): string | null {
  const value = (key: string) => {
    const line = text.split('\n').find((one) => one.startsWith(`${key}=`)) ?? ''
    const plain = line
      .slice(key.length + 1)
      .replace(/^(["'])(.*)\1\s*$/, '$2')
      .trim()
    return /^[A-Za-z0-9._-]{1,40}$/.test(plain) ? plain : ''
  }
  if (value('ID') === '') return text.trim() === '' ? null : unknown
  return [value('ID'), value('VERSION_ID')]
    .filter((part) => part !== '')
    .join(' ')
    .toLowerCase()
}
