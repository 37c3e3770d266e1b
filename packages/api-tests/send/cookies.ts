/** The cookies of one system, as RFC 6265 has a client keep them. */
export interface CookieJar {
  /** The value of the header `cookie` for a request; null without a cookie for it. */
  header(url: URL): string | null
  /** `lines`: the values of `set-cookie` in the answer of `url`. */
  keep(url: URL, lines: readonly string[]): void
}

interface Cookie {
  readonly name: string
  readonly value: string
  readonly path: string
  readonly isSecure: boolean
}

/** More than any browser keeps of one host. */
const mostCookies = 200
const longestCookie = 8192

/** `now`: in ms, for cookies that expire within a run. All requests go to one host: domains are not compared. */
export function createCookieJar(now: () => number): CookieJar {
  const kept = new Map<string, Cookie & { readonly until: number }>()
  return {
    header: (url) => {
      const own = [...kept.values()]
        .filter(
          ({ until, path, isSecure }) => until > now() && covers(path, url) && (!isSecure || isTrusted(url)),
        )
        .sort((a, b) => b.path.length - a.path.length)
      return own.length === 0 ? null : own.map(({ name, value }) => `${name}=${value}`).join('; ')
    },
    keep: (url, lines) => {
      for (const line of lines.slice(0, mostCookies)) {
        const parsed = parseCookie(line, url, now())
        if (parsed === null) continue
        const key = `${parsed.name};${parsed.path}`
        if (parsed.until <= now()) kept.delete(key)
        else if (kept.has(key) || kept.size < mostCookies) kept.set(key, parsed)
      }
    },
  }
}

/** The value of a cookie that an answer sets; null where it sets none of that name. */
export function cookieValue(lines: readonly string[], name: string): string | null {
  const found = lines.map(pairOf).findLast((pair) => pair?.name === name)
  return found?.value ?? null
}

function parseCookie(line: string, url: URL, now: number): (Cookie & { readonly until: number }) | null {
  const pair = pairOf(line)
  if (pair === null) return null
  const attributes = new Map(
    line
      .split(';')
      .slice(1)
      .map((part) => {
        const [key = '', ...value] = part.split('=')
        return [key.trim().toLowerCase(), value.join('=').trim()] as const
      }),
  )
  const path = attributes.get('path') ?? ''
  return {
    ...pair,
    path: path.startsWith('/') ? path : defaultPath(url),
    isSecure: attributes.has('secure'),
    until: expiry(attributes, now),
  }
}

function pairOf(line: string): { readonly name: string; readonly value: string } | null {
  if (line.length > longestCookie) return null
  const [pair = ''] = line.split(';')
  const at = pair.indexOf('=')
  const name = pair.slice(0, Math.max(0, at)).trim()
  return name === '' ? null : { name, value: pair.slice(at + 1).trim() }
}

/** `max-age` goes before `expires`; without either a cookie stays for the session. */
function expiry(attributes: ReadonlyMap<string, string>, now: number): number {
  const age = attributes.get('max-age')
  if (age !== undefined && /^-?\d+$/.test(age)) return now + Number(age) * 1000
  const expires = Date.parse(attributes.get('expires') ?? '')
  return Number.isNaN(expires) ? Infinity : expires
}

function defaultPath({ pathname }: URL): string {
  return pathname.slice(0, Math.max(1, pathname.lastIndexOf('/')))
}

function covers(path: string, { pathname }: URL): boolean {
  return pathname === path || pathname.startsWith(path.endsWith('/') ? path : `${path}/`)
}

/** Browsers send secure cookies to this machine, too. */
function isTrusted({ protocol, hostname }: URL): boolean {
  return protocol === 'https:' || hostname === 'localhost' || hostname === '127.0.0.1'
}
