import type { Call } from '../server/api-server.ts'

/** `patch HTTPRoute shop/web`, for messages and tables. */
export function describeCall({ verb, at }: Call): string {
  const place = [at.namespace, at.name].filter((part) => part !== undefined).join('/')
  return [verb, at.kind, place, at.labelSelector]
    .filter((part) => part !== undefined && part !== '')
    .join(' ')
}
