import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseReference, type Repository } from '@alt-las/registry'
import { registryEndpoint } from '../addresses.ts'
import { at, laboratoryCa, type Lab } from '../base/lab.ts'
import { repositoryAt } from '../base/registry.ts'
import { must } from '../base/run.ts'

export interface Place {
  readonly repository: Repository
  /** Of the repository, without the host. */
  readonly path: string
  readonly tag: string
}

/** Where an image of the world, `host/repository:tag`, has its place in the lab's registry. */
export function placeOf(lab: Lab, name: string): Place {
  const { repository: path, tag } = parseReference(name)
  if (tag === undefined) throw new Error(`image name: got ${name}, expected host/repository:tag`)
  return { repository: repositoryAt({ endpoint: registryEndpoint, ca: laboratoryCa(lab) }, path), path, tag }
}

/** The digest that the layout's only image has. */
export function layoutDigest(layout: string): string {
  const index = JSON.parse(readFileSync(join(layout, 'index.json'), 'utf8')) as {
    readonly manifests: readonly { readonly digest: string }[]
  }
  const digest = index.manifests[0]?.digest
  if (digest === undefined) throw new Error(`${layout}: an index without an image`)
  return digest
}

/** The digest that the lab's registry holds under the name; null when it holds none. */
export async function registryDigest(lab: Lab, name: string): Promise<string | null> {
  const { repository, tag } = placeOf(lab, name)
  return await repository.resolve(tag)
}

/** Puts the layout's image into the lab's registry under its name of the world. Nothing travels when it is there already. */
export async function pushLayout(lab: Lab, layout: string, name: string): Promise<void> {
  if ((await registryDigest(lab, name)) === layoutDigest(layout)) return
  const { path, tag } = placeOf(lab, name)
  const trust = ['--dest-cert-dir', at(lab, 'pki', 'registry-trust')]
  await must(
    'skopeo',
    [
      '--insecure-policy',
      'copy',
      '--quiet',
      ...trust,
      `oci:${layout}:image`,
      `docker://${registryEndpoint}/${path}:${tag}`,
    ],
    {
      env: { ...lab.environment, XDG_RUNTIME_DIR: lab.home },
    },
  )
}
