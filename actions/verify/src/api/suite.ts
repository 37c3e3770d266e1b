import type { ApiTest } from './api-test.ts'
import { parseApiTests } from './api-file.ts'
import type { Http } from '../http.ts'
import { parseOpenapi, type Openapi } from './openapi.ts'
import { Failure } from '@alt-las/failure'
import type { Inputs } from '../inputs.ts'

export interface Files {
  /** Throws a Failure where the file cannot be read. */
  read(path: string): Promise<string>
  /** Writes a result of this action; answers its path. */
  write(name: string, text: string): Promise<string>
}

/** The tests of all files, in the order given; read before anything else happens, since a mistake in them is a mistake of the inputs. */
export async function readTests(
  inputs: Inputs,
  { files }: { readonly files: Files },
): Promise<readonly ApiTest[]> {
  const each = await Promise.all(
    inputs.apiTests.map(async (path) => parseApiTests(await files.read(path), path)),
  )
  return each.flat()
}

/** The OpenAPI document: asked of the running system where it begins with `/`, else a file. */
export async function readOpenapi(
  { source, url, timeoutMs }: { readonly source: string; readonly url: URL; readonly timeoutMs: number },
  {
    files,
    http,
    interrupted,
  }: { readonly files: Files; readonly http: Http; readonly interrupted: AbortSignal },
): Promise<Openapi> {
  if (!source.startsWith('/')) return parseOpenapi(await files.read(source), source)
  const request = { method: 'GET', path: source, headers: { accept: 'application/json' }, body: null }
  const reply = await http.send(url, request, { timeoutMs, signal: interrupted })
  if (reply.status !== 200)
    throw new Failure(
      'bad-openapi',
      `GET ${source} answered ${String(reply.status)}, expected the OpenAPI document`,
      { fault: 'outside' },
    )
  return parseOpenapi(reply.body, source)
}
