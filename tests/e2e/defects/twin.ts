import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fetchAll, systemHttp, type Http } from '@alt-las/http'
import { registryEndpoint } from '../../../lab/addresses.ts'
import type { Stack } from '../stack.ts'

interface Image {
  readonly mediaType: string
  readonly config: { readonly mediaType: string; readonly digest: string }
}

interface Index {
  readonly manifests?: readonly { readonly digest: string; readonly platform?: { readonly os: string } }[]
}

/** Another image with the same layers: its configuration has another label or variable, so that its digest differs. `image`: `host/name@sha256:…`. */
export async function twin(
  { home }: Pick<Stack, 'home'>,
  image: string,
  { label = 'twin', env = [] }: { readonly label?: string; readonly env?: readonly string[] } = {},
): Promise<string> {
  const [name = '', digest = ''] = image.split('@')
  const repository = name.slice(name.indexOf('/') + 1)
  const http = systemHttp({ ca: readFileSync(join(home, 'pki/lab-ca.crt')) })
  const registry = registryOver(http, repository)
  try {
    const top = (await registry.get(`manifests/${digest}`)) as Index & Image
    const child = top.manifests?.find(({ platform }) => platform?.os === 'linux')?.digest
    const found = child === undefined ? top : ((await registry.get(`manifests/${child}`)) as Image)
    const config = (await registry.get(`blobs/${found.config.digest}`)) as {
      readonly config: { readonly Env?: readonly string[] }
    }
    const labelled = JSON.stringify({
      ...config,
      config: { ...config.config, Env: [...(config.config.Env ?? []), ...env], Labels: { twin: label } },
    })
    const stored = { digest: digestOf(labelled), size: Buffer.byteLength(labelled) }
    await registry.put(await registry.upload(stored.digest), labelled, 'application/octet-stream')
    const manifest = JSON.stringify({ ...found, config: { ...found.config, ...stored } })
    const made = digestOf(manifest)
    await registry.put(registry.at(`manifests/${made}`), manifest, found.mediaType)
    return `${name}@${made}`
  } finally {
    http.close()
  }
}

const digestOf = (text: string) => `sha256:${createHash('sha256').update(text).digest('hex')}`

function registryOver(http: Http, repository: string) {
  const at = (path: string) => new URL(`https://${registryEndpoint}/v2/${repository}/${path}`)
  const ask = async (
    expected: number,
    request: {
      readonly method: string
      readonly url: URL
      readonly body?: string
      readonly headers?: Headers
    },
  ) => {
    const answer = await fetchAll(http, request)
    if (answer.status !== expected)
      throw new Error(`${request.method} ${request.url.pathname}: got ${answer.status}, expected ${expected}`)
    return answer
  }
  return {
    at,
    get: async (path: string): Promise<unknown> => {
      const headers = { accept: accepted.join(', ') }
      const { bytes } = await ask(200, { method: 'GET', url: at(path), headers })
      return JSON.parse(Buffer.from(bytes).toString())
    },
    /** Where the blob is to be put. */
    upload: async (digest: string): Promise<URL> => {
      const { headers } = await ask(202, { method: 'POST', url: at('blobs/uploads/') })
      const url = new URL(String(headers['location']), at(''))
      url.searchParams.set('digest', digest)
      return url
    },
    put: async (url: URL, body: string, type: string): Promise<void> => {
      await ask(201, { method: 'PUT', url, body, headers: { 'content-type': type } })
    },
  }
}

type Headers = Readonly<Record<string, string>>

const accepted = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
  'application/octet-stream',
]
