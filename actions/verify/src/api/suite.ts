import { Failure } from '@alt-las/failure'
import type { Http } from '../http.ts'
import type { ApiTest } from './api-test.ts'
import { parseApiTests } from './api-file.ts'
import { parseOpenapi, type Openapi } from './openapi.ts'

export interface SuitePorts {
  /** Throws a Failure where the file cannot be read. */
  readonly files: { readNamed(path: string): Promise<string> }
  readonly http: Http
  readonly interrupted: AbortSignal
}

/** Where an OpenAPI document is: served below the verified URL, or a file of the workspace. */
export type OpenapiSource =
  { readonly kind: 'served'; readonly path: string } | { readonly kind: 'file'; readonly path: string }

/** The tests of all files, in the order given. They are read before the first check: a mistake in them is a mistake of the inputs. */
export async function readTests(
  paths: readonly string[],
  { files }: Pick<SuitePorts, 'files'>,
): Promise<readonly ApiTest[]> {
  const each = await Promise.all(paths.map(async (path) => parseApiTests(await files.readNamed(path), path)))
  return each.flat()
}

/** Throws Failure `bad-openapi` where the document is not served or is not an OpenAPI document. */
export async function readOpenapi(
  { kind, path }: OpenapiSource,
  { url, timeoutMs }: { readonly url: URL; readonly timeoutMs: number },
  { files, http, interrupted }: SuitePorts,
): Promise<Openapi> {
  if (kind === 'file') return parseOpenapi(await files.readNamed(path), path)
  const request = { method: 'GET', path, headers: { accept: 'application/json' }, body: null }
  const reply = await http.send(url, request, { timeoutMs, signal: interrupted })
  if (reply.status !== 200)
    throw new Failure('bad-openapi', `GET ${path} answered ${reply.status}, expected the OpenAPI document`, {
      fault: 'outside',
    })
  return parseOpenapi(reply.body, path)
}
