import { readFileSync } from 'node:fs'
import { request } from 'node:https'

export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: Buffer
}

export interface Ask {
  readonly url: string
  readonly method?: string
  readonly body?: Buffer | string
  readonly headers?: Readonly<Record<string, string>>
  /** PEM file of the only authority that is trusted. */
  readonly ca: string
  readonly timeoutMilliseconds?: number
}

/** One HTTPS request that trusts one authority. Null when there is no answer at all. */
export async function ask(what: Ask): Promise<Answer | null> {
  return await new Promise((resolve) => {
    const asked = request(
      what.url,
      {
        method: what.method ?? 'GET',
        headers: what.headers ?? {},
        ca: readFileSync(what.ca),
        timeout: what.timeoutMilliseconds ?? 30_000,
      },
      (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('end', () => {
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: Buffer.concat(chunks),
          })
        })
        response.on('error', () => {
          resolve(null)
        })
      },
    )
    asked.on('timeout', () => asked.destroy())
    asked.on('error', () => {
      resolve(null)
    })
    asked.end(what.body)
  })
}
