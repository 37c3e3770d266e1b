import { BlockList, isIP } from 'node:net'
import { isLoopback } from './redirect.ts'

/**
 * The proxy for an address by HTTP_PROXY, HTTPS_PROXY and NO_PROXY (lower case first, as curl reads them); null if it is reached
 * directly. This machine is never reached through a proxy.
 */
export function proxyFor(url: URL, variables: Readonly<Record<string, string | undefined>>): string | null {
  const read = (name: string) => variables[name] ?? variables[name.toUpperCase()] ?? ''
  const proxy = read(url.protocol === 'https:' ? 'https_proxy' : 'http_proxy')
  if (proxy === '' || isLoopback(url.hostname)) return null
  const direct = read('no_proxy')
    .split(/[\s,]+/)
    .some((entry) => entry !== '' && covers(entry.toLowerCase(), url))
  return direct ? null : proxy
}

/** `*`, a domain with all beneath it (`example.com`, `.example.com`, `*.example.com`), an IP, a network `10.0.0.0/8`, a range; with or without a port. */
function covers(entry: string, url: URL): boolean {
  if (entry === '*') return true
  const host = url.hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '')
  if (isIP(host) !== 0 && hasAddress(entry, host)) return true
  const [, name = '', port] = /^(.*?)(?::(\d+))?$/.exec(entry) ?? []
  if (port !== undefined && isIP(entry) === 0 && port !== portOf(url)) return false
  if (isIP(host) !== 0) return hasAddress(name.replace(/^\[|\]$/g, ''), host)
  const domain = name.replace(/^\*?\./, '')
  return domain !== '' && (host === domain || host.endsWith(`.${domain}`))
}

function portOf({ protocol, port }: URL): string {
  return port === '' ? (protocol === 'https:' ? '443' : '80') : port
}

function hasAddress(entry: string, host: string): boolean {
  const list = new BlockList()
  const family = (address: string) => (isIP(address) === 6 ? 'ipv6' : 'ipv4')
  const [first = '', bits] = entry.split('/')
  const [from = '', to] = first.split('-')
  if (isIP(from) === 0) return false
  try {
    if (bits !== undefined) list.addSubnet(from, Number(bits), family(from))
    else if (to !== undefined) list.addRange(from, to, family(from))
    else list.addAddress(from, family(from))
  } catch {
    // An entry that is not a network covers nothing.
    return false
  }
  return list.check(host, family(host))
}
