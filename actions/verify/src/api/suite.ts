import type { Http } from '@alt-las/api-tests'
import { Failure } from '@alt-las/failure'
import { parseOpenapi, type Openapi } from './openapi/openapi.ts'

export interface SuitePorts {
  /** Throws a Failure where the file cannot be read. */
  readonly files: { readNamed(path: string): Promise<string> }
  readonly http: Http
  readonly interrupted: AbortSignal
}

/** Where an OpenAPI document is: served below the verified URL, or a file of the workspace. */
export type OpenapiSource =
  { readonly kind: 'served'; readonly path: string } | { readonly kind: 'file'; readonly path: string }

/** Throws Failure `bad-openapi` where the document is not served or is not an OpenAPI document. */
export async function readOpenapi(
  { kind, path }: OpenapiSource,
  { url, timeoutMs }: { readonly url: URL; readonly timeoutMs: number },
  { files, http, interrupted }: SuitePorts,
): Promise<Openapi> {
  if (kind === 'file') return parseOpenapi(await files.readNamed(path), { source: path, url })
  const request = { method: 'GET', path, headers: { accept: 'application/json' }, body: null }
  const reply = await http.send(url, request, { timeoutMs, signal: interrupted })
  if (reply.status !== 200)
    throw new Failure('bad-openapi', `GET ${path} answered ${reply.status}, expected the OpenAPI document`, {
      fault: 'outside',
    })
  if (reply.unread !== undefined)
    throw new Failure('bad-openapi', `the OpenAPI document at ${path} ${reply.unread}`, { fault: 'outside' })
  return parseOpenapi(reply.body, { source: path, url })
}
