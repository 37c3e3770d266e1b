import type { Dependency } from './dependency.ts'
import type { Log } from './log.ts'
import type { Route } from './route.ts'
import { serve } from './serve.ts'

export const silent: Log = { info: () => undefined, error: () => undefined }

export const identity = { service: 'sample', version: 'v1.2.3', revision: 'c0ffee' }

/** Serves the routes on a free port for as long as `act` runs; `base` is their address. */
export async function serving<T>(
  routes: readonly Route[],
  act: (base: string) => Promise<T>,
  {
    dependencies = [],
    log = silent,
  }: { readonly dependencies?: readonly Dependency[]; readonly log?: Log } = {},
): Promise<T> {
  const running = await serve({ identity, imageDigest: null, routes, dependencies, log }, 0)
  try {
    return await act(`http://127.0.0.1:${running.port}`)
  } finally {
    await running.stop({ drainMs: 0, finishMs: 0 })
  }
}

/** Posts a value as JSON. */
export function post(
  url: string,
  value: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<Response> {
  const body = typeof value === 'string' ? value : JSON.stringify(value)
  return fetch(url, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body })
}
