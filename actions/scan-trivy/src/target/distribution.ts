import { layerFiles } from '@alt-las/registry'

/** Which distribution an image consists of, by its own files. */
export type Distribution =
  | { readonly kind: 'none' }
  /** `arch`, `void 2024`; `unknown distribution` where only a package manager's database is there. */
  | { readonly kind: 'found'; readonly name: string }
  | { readonly kind: 'unreadable'; readonly because: string }

const releases = new Set(['etc/os-release', 'usr/lib/os-release'])

/** Where package managers keep what they have installed. */
const databases =
  /^(?:var\/lib\/(?:dpkg\/status|rpm\/|pacman\/local\/|opkg\/|xbps\/)|(?:usr\/)?lib\/apk\/db\/installed|usr\/lib\/(?:sysimage\/rpm|opkg)\/|var\/db\/pkg\/|nix\/store\/.)/

const unknown = 'unknown distribution'

/**
 * Reads the layers, from the lowest to the highest: Trivy names no distribution both where there is none, as in an image of one static
 * program, and where it does not know it. A file that a higher layer removes counts all the same: what came with it is still there.
 */
export async function findDistribution(
  layers: readonly string[],
  signal: AbortSignal,
): Promise<Distribution> {
  let found: string | null = null
  for (const path of layers)
    try {
      found = (await inLayer(path, signal)) ?? found
    } catch (error) {
      if (signal.aborted) throw error
      return { kind: 'unreadable', because: error instanceof Error ? error.message : String(error) }
    }
  return found === null ? { kind: 'none' } : { kind: 'found', name: found }
}

async function inLayer(path: string, signal: AbortSignal): Promise<string | null> {
  let found: string | null = null
  for await (const { path: name, read } of layerFiles(path, signal)) {
    if (releases.has(name)) found = nameIn((await read())?.toString() ?? '') ?? found ?? unknown
    else if (databases.test(name)) found ??= unknown
  }
  return found
}

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
