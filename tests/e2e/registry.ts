import { request } from 'node:https'

/** What the registry holds, read by its own API. */
export interface Registry {
  tags(repository: string): Promise<readonly string[]>
  /** Digest that a tag points to; null where it does not exist. */
  digest(repository: string, reference: string): Promise<string | null>
}

export function registryAt(address: string, ca: string): Registry {
  const get = (path: string) => call('GET', path, address, ca)
  return {
    tags: async (repository) => {
      const { status, body } = await get(`/v2/${repository}/tags/list`)
      if (status === 404) return []
      return ((JSON.parse(body) as { tags: readonly string[] | null }).tags ?? []).toSorted()
    },
    digest: async (repository, reference) => {
      const { status, headers } = await call('HEAD', `/v2/${repository}/manifests/${reference}`, address, ca)
      return status === 404 ? null : String(headers['docker-content-digest'])
    },
  }
}

interface Answer {
  readonly status: number
  readonly headers: NodeJS.Dict<string | string[]>
  readonly body: string
}

const manifests = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.oci.image.manifest.v1+json',
].join(', ')

function call(method: string, path: string, address: string, ca: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sending = request(
      {
        host: address,
        servername: 'ghcr.io',
        port: 443,
        path,
        method,
        ca,
        headers: { host: 'ghcr.io', accept: manifests },
      },
      (response) => {
        const parts: Buffer[] = []
        response.on('data', (part: Buffer) => parts.push(part))
        response.on('end', () => {
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: Buffer.concat(parts).toString(),
          })
        })
      },
    )
    sending.on('error', reject)
    sending.end()
  })
}
