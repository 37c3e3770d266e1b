import { Failure } from '@alt-las/failure'

/** Where a registry's API is: https, and http only for this machine (localhost, 127.0.0.0/8, ::1; port 443 is https there too). */
export function endpointOf(registry: string): URL {
  if (registry === 'docker.io') return new URL('https://registry-1.docker.io')
  const url = new URL(`https://${registry}`)
  return isLoopback(url.hostname) && url.port !== '' ? new URL(`http://${registry}`) : url
}

/** The address that a registry sends us to; throws Failure `registry-broken` where it is not safe to go there. */
export function checkedTarget(text: string, from: URL): URL {
  let url: URL
  try {
    url = new URL(text, from)
  } catch {
    throw new Failure(
      'registry-broken',
      `${from.host} names no sound address: ${JSON.stringify(text.slice(0, 100))}`,
      {
        fault: 'outside',
      },
    )
  }
  if (url.protocol === 'https:') return url
  // Only a registry of this machine may send us on in the clear, and only to this machine.
  if (url.protocol === 'http:' && isLoopback(url.hostname) && isLoopback(from.hostname)) return url
  throw new Failure('registry-broken', `${from.host} sends us to ${url.origin}, expected https`, {
    fault: 'outside',
    hint: 'if a proxy ends TLS before the registry, let it set X-Forwarded-Proto, or set the registry to relative URLs',
  })
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || /^127(\.\d{1,3}){3}$/.test(hostname) || hostname === '[::1]'
}
