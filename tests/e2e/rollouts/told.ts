import type { Stack } from '../stack.ts'

interface Place {
  readonly stack: Stack
  readonly namespace: string
}

/** What the cluster and its gateway say of a namespace, for the log of a case in which users lost requests. */
export async function told({ stack, namespace }: Place): Promise<string> {
  const events =
    'custom-columns=TIME:.lastTimestamp,OBJECT:.involvedObject.name,REASON:.reason,MESSAGE:.message'
  const slices =
    'custom-columns=NAME:.metadata.name,ADDRESSES:.endpoints[*].addresses,READY:.endpoints[*].conditions.ready'
  const parts: readonly (readonly [string, readonly string[]])[] = [
    ['events', ['get', 'events', '-n', namespace, '--sort-by=.lastTimestamp', '-o', events]],
    ['pods', ['get', 'pods', '-n', namespace, '-o', 'wide']],
    ['endpoint slices', ['get', 'endpointslices', '-n', namespace, '-o', slices]],
    ['routes', ['get', 'httproutes', '-n', namespace, '-o', 'jsonpath={.items[*].status}']],
    ['routes of Traefik', ['get', 'ingressroutes,traefikservices', '-n', namespace, '-o', 'yaml']],
    ['the gateway', ['get', 'pods', '-n', 'traefik-system']],
    ['log of the gateway', ['logs', '-n', 'traefik-system', 'deployment/traefik', '--since=2m', '--tail=60']],
  ]
  const said = await Promise.all(
    parts.map(async ([title, args]) => {
      const text = await stack.kubectl(...args).catch((error: unknown) => String(error))
      return `--- ${title}\n${text.trim()}`
    }),
  )
  return `${namespace}:\n${said.join('\n')}`
}
