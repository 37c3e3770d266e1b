import { layerFiles } from '@alt-las/registry'

/** The number of an image's user: 0 is root, whatever its name. */
export type UserId =
  | { readonly kind: 'known'; readonly id: number }
  /** Follows `the number of the user app is not known:`. */
  | { readonly kind: 'unknown'; readonly because: string }

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

/** The file of the highest layer that has or removes it; null where there is none, or it is too large. */
async function readPasswd(layers: readonly string[]): Promise<string | null> {
  let found: string | null = null
  for (const layer of layers)
    for await (const { path, read } of layerFiles(layer)) {
      if (path === 'etc/passwd') found = (await read())?.toString() ?? null
      if (path === 'etc/.wh.passwd' || path === 'etc/.wh..wh..opq') found = null
    }
  return found
}

function inPasswd(passwd: string, name: string): UserId {
  const fields = passwd
    .split('\n')
    .map((line) => line.split(':'))
    .find(([first]) => first === name)
  const id = fields?.[2] ?? ''
  return /^\d{1,10}$/.test(id)
    ? { kind: 'known', id: Number(id) }
    : unknown('/etc/passwd of the image does not have it')
}

function unknown(because: string): UserId {
  return { kind: 'unknown', because }
}
