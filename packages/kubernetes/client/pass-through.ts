import { Failure } from '@alt-las/failure'
import type { Clock } from '@alt-las/time'
import type { PassThrough } from '../types/cluster.ts'
import type { Connection } from './connection.ts'
import { groupPath } from './paths.ts'
import { isOwnRefusal, refusal } from './refusal.ts'

/** Requests are sent once: a second try would hide what a test looks for. */
export function passThroughOver(wire: Pick<Connection, 'ask'>, clock: Clock): PassThrough {
  return {
    send: async ({ kind, namespace, name, port, scheme }, { method, path, headers, body, ...limits }) => {
      const own = Object.keys(headers).find(isApiServerHeader)
      if (own !== undefined)
        throw new Failure('invalid', `the header ${own} would be read by the API server`, { fault: 'ours' })
      const end = scheme === 'https' ? `https:${name}:${port}` : `${name}:${port}`
      const base = `${groupPath('v1')}/namespaces/${namespace}/${kind}s/${end}/proxy`
      const begun = clock.elapsed()
      const answer = await wire.ask({ method, path: base + path, raw: { headers, body }, ...limits })
      const ms = clock.elapsed() - begun
      if (isOwnRefusal(answer))
        throw refusal(answer, `reach the ${kind} ${namespace}/${name}:${port} through the API server`)
      const { status, text, headers: answered = {}, cookies = [], unread } = answer
      const read = { body: text, ...(unread === undefined ? {} : { unread }) }
      return { status, headers: withLocation(answered, base), cookies, ...read, ms }
    },
  }
}

/** Who asks, for the API server: it acts by these headers, and removes them before it passes a request on. */
export function isApiServerHeader(name: string): boolean {
  return /^(authorization|impersonate-.*|x-remote-.*)$/i.test(name)
}

/** The proxy writes its own address in front of a redirect within the pods: without it the location is the pods' own path. */
function withLocation(
  headers: Readonly<Record<string, string>>,
  base: string,
): Readonly<Record<string, string>> {
  const location = headers['location']
  const parsed = location === undefined ? null : URL.parse(location, 'http://api-server')
  if (parsed === null || !parsed.pathname.startsWith(`${base}/`)) return headers
  return { ...headers, location: parsed.pathname.slice(base.length) + parsed.search + parsed.hash }
}
