import { checkedTarget, isLoopback } from '@alt-las/http'
import { unreachable } from './refusal.ts'

/** Where a registry's API is: https, and http only for this machine (localhost, 127.0.0.0/8, ::1; without a port it is https there too). */
export function endpointOf(registry: string): URL {
  if (registry === 'docker.io') return new URL('https://registry-1.docker.io')
  const url = new URL(`https://${registry}`)
  return isLoopback(url.hostname) && url.port !== '' ? new URL(`http://${registry}`) : url
}

/** The target of a registry's redirect; throws Failure `registry-broken` if it is not safe to follow. */
export function targetOf(text: string, from: URL): URL {
  try {
    return checkedTarget(text, from)
  } catch (error) {
    throw unreachable(from, error)
  }
}
