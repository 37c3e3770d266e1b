const names = ['authorization', 'proxy-authorization', 'x-api-key', 'x-auth-token', 'private-token']

/** What a request's headers prove its sender by: each credential as it is sent, and the password in it. */
export function credentialsIn(headers: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(headers).flatMap(([name, value]) => {
    if (name.toLowerCase() === 'cookie') return sessionsIn(value)
    return names.includes(name.toLowerCase()) ? credentialsOf(value) : []
  })
}

/** Shorter values of cookies are settings; to hide `en` would garble every text. */
const shortestSession = 16

function sessionsIn(cookies: string): readonly string[] {
  return cookies
    .split(';')
    .map((pair) => pair.slice(pair.indexOf('=') + 1).trim())
    .filter((value) => value.length >= shortestSession)
}

function credentialsOf(value: string): readonly string[] {
  const [scheme = '', ...rest] = value.trim().split(/\s+/)
  const sent = rest.length === 0 ? scheme : rest.join(' ')
  if (scheme.toLowerCase() !== 'basic') return [sent]
  const login = Buffer.from(sent, 'base64').toString('utf8')
  return [sent, login, login.slice(login.indexOf(':') + 1)]
}
