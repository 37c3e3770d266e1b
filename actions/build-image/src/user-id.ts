import { layerFiles } from '@alt-las/registry'

/** The number of an image's user: 0 is root, whatever its name. */
export type UserId =
  | { readonly kind: 'known'; readonly id: number }
  /** Follows `the number of the user app is not known:`. */
  | { readonly kind: 'unknown'; readonly because: string }

/** Engines keep the number in 31 bits: from a larger one some make another user, and of 4294967296 root. */
export const largestUserId = 2 ** 31 - 1

/**
 * Finds the number of `USER` as a container engine does: as it stands there, else in the image's own /etc/passwd. `layers` are the paths of the
 * layers, the lowest first.
 */
export async function findUserId(user: string, layers: readonly string[]): Promise<UserId> {
  const name = user.split(':')[0]?.trim() ?? ''
  if (/^[+-]?\d*$/.test(name)) return { kind: 'known', id: Number(name) }
  if (name === 'root') return { kind: 'known', id: 0 }
  try {
    const passwd = await readPasswd(layers)
    return passwd === null ? unknown('the image has no readable /etc/passwd') : inPasswd(passwd, name)
  } catch (error) {
    return unknown(`a layer cannot be read: ${error instanceof Error ? error.message : String(error)}`)
  }
}

/** What takes the file away, by itself or with its directory. */
const removals = new Set(['etc/.wh.passwd', 'etc/.wh..wh..opq', '.wh.etc', '.wh..wh..opq'])

/** The file of the highest layer that has or removes it; null where there is none, it is too large, or it is elsewhere. */
async function readPasswd(layers: readonly string[]): Promise<string | null> {
  let found: string | null = null
  // The file is in the directory that the link points to: others may write it by that name.
  let isElsewhere = false
  for (const layer of layers)
    for await (const { path, kind, read } of layerFiles(layer)) {
      if (path === 'etc' && kind !== 'directory') isElsewhere = true
      if (path === 'etc/passwd') found = kind === 'file' ? ((await read())?.toString() ?? null) : null
      if (removals.has(path) || (path === 'etc' && kind !== 'directory')) found = null
    }
  return isElsewhere ? null : found
}

// As engines read it: blanks around a line do not count, the first line of the name does, and a number that is none is 0.
function inPasswd(passwd: string, name: string): UserId {
  const fields = passwd
    .split('\n')
    .map((line) => line.trim().split(':'))
    .find(([first]) => first === name)
  if (fields === undefined) return unknown('/etc/passwd of the image does not have it')
  const id = fields[2] ?? ''
  return { kind: 'known', id: /^[+-]?\d+$/.test(id) ? Number(id) : 0 }
}

function unknown(because: string): UserId {
  return { kind: 'unknown', because }
}
