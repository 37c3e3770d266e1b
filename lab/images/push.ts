import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { registryEndpoint } from '../addresses.ts'
import { ask } from '../base/fetch-tls.ts'
import { at, laboratoryCa, type Lab } from '../base/lab.ts'
import { must } from '../base/run.ts'

export interface Reference {
  readonly host: string
  readonly repository: string
  readonly tag: string
}

/** `host/repository:tag`, as the lab writes the names of its own images. */
export function parseReference(name: string): Reference {
  const parts = /^([^/]+)\/(.+):([^:/]+)$/.exec(name)
  if (!parts) throw new Error(`image name: got ${name}, expected host/repository:tag`)
  return { host: parts[1] ?? '', repository: parts[2] ?? '', tag: parts[3] ?? '' }
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
  const { repository, tag } = parseReference(name)
  const answer = await ask({
    url: `https://${registryEndpoint}/v2/${repository}/manifests/${tag}`,
    method: 'HEAD',
    ca: laboratoryCa(lab),
    headers: { accept: 'application/vnd.oci.image.manifest.v1+json' },
  })
  if (answer?.status === 404) return null
  if (answer?.status !== 200)
    throw new Error(`the lab's registry answered ${String(answer?.status)} for ${name}`)
  return String(answer.headers['docker-content-digest'])
}

/** Puts the layout's image into the lab's registry under its name of the world. Nothing travels when it is there already. */
export async function pushLayout(lab: Lab, layout: string, name: string): Promise<void> {
  if ((await registryDigest(lab, name)) === layoutDigest(layout)) return
  const { repository, tag } = parseReference(name)
  const trust = ['--dest-cert-dir', at(lab, 'pki', 'registry-trust')]
  await must(
    'skopeo',
    [
      '--insecure-policy',
      'copy',
      '--quiet',
      ...trust,
      `oci:${layout}:image`,
      `docker://${registryEndpoint}/${repository}:${tag}`,
    ],
    {
      env: { ...lab.environment, XDG_RUNTIME_DIR: lab.home },
    },
  )
}
