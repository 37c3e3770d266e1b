import { Failure } from '@alt-las/failure'
import { isIndex, parseDigest, type Repository } from '@alt-las/registry'
import type { ImageNames } from './images.ts'
import type { Released } from './released.ts'

/** The digests of an image in its registry: index, manifests of platforms, configurations. Read once per image. */
export function registryNames(
  open: (released: Released) => Promise<Pick<Repository, 'getManifest'>>,
): ImageNames {
  const known = new Map<string, Promise<ReadonlySet<string>>>()
  return {
    namesOf: (released) => {
      const key = `${released.repository}@${released.digest}`
      const names = known.get(key) ?? open(released).then((repository) => collectNames(repository, released))
      known.set(key, names)
      return names
    },
  }
}

interface RawManifest {
  readonly manifests?: readonly { readonly digest: string; readonly mediaType: string }[]
  readonly config?: { readonly digest: string }
}

async function collectNames(
  repository: Pick<Repository, 'getManifest'>,
  { repository: name, digest }: Released,
): Promise<ReadonlySet<string>> {
  const found = await repository.getManifest(parseDigest(digest))
  if (found === null)
    throw new Failure('registry-absent', `${name}@${digest} is not in the registry`, { fault: 'outside' })
  const manifest = JSON.parse(new TextDecoder().decode(found.bytes)) as RawManifest
  if (!isIndex(found.mediaType)) return new Set([digest, ...configOf(manifest)])
  const children = (manifest.manifests ?? []).map(({ digest: child }) => child)
  const configs = await Promise.all(
    children.map(async (child) => {
      const one = await repository.getManifest(parseDigest(child))
      return one === null ? [] : configOf(JSON.parse(new TextDecoder().decode(one.bytes)) as RawManifest)
    }),
  )
  return new Set([digest, ...children, ...configs.flat()])
}

function configOf({ config }: RawManifest): readonly string[] {
  return config === undefined ? [] : [config.digest]
}
