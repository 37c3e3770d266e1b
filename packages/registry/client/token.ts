import { Readable } from 'node:stream'
import { readAll, type Body, type HttpResponse } from '@alt-las/http'
import { parseRetryAfter } from '@alt-las/time'
import { parseChallenges, type Challenge } from './challenge.ts'
import type { Credentials } from '../credentials/credentials.ts'
import { targetOf } from './endpoint.ts'
import { broken, refusal } from './refusal.ts'

export interface Demand {
  /** `WWW-Authenticate` of the registry's 401. */
  readonly header: string
  readonly scopes: readonly string[]
  readonly credentials: Credentials | null
  readonly base: URL
  /** ms since 1970, for a Retry-After that is a date. */
  readonly now: number
}

/** A request to a token server. */
export interface TokenRequest {
  readonly method: 'GET' | 'POST'
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  readonly body?: Body
}

/**
 * The `Authorization` header that meets a registry's demand; null if no known credentials can meet it. A bearer token is fetched
 * from the realm, with the credentials if there are any. Throws Failure with a RegistryCode.
 */
export async function authorize(
  demand: Demand,
  send: (request: TokenRequest) => Promise<HttpResponse>,
): Promise<string | null> {
  const challenges = parseChallenges(demand.header)
  const bearer = challenges.find((one) => one.kind === 'bearer')
  if (bearer !== undefined) return `Bearer ${await fetchToken(bearer, demand, send)}`
  const { credentials } = demand
  if (challenges.length === 0 || credentials?.kind !== 'basic') return null
  return basic(credentials)
}

async function fetchToken(
  challenge: Challenge & { kind: 'bearer' },
  demand: Demand,
  send: (request: TokenRequest) => Promise<HttpResponse>,
): Promise<string> {
  const request = tokenRequest(challenge, demand)
  const response = await send(request)
  const text = new TextDecoder().decode(await readAll(response, 1024 * 1024))
  if (response.status !== 200) {
    const known = demand.credentials !== null
    const { method, url } = request
    const retryAfterMs = parseRetryAfter(response.headers['retry-after'], demand.now)
    throw refusal({ method, url, status: response.status, text, known, retryAfterMs })
  }
  const token = tokenIn(text)
  if (token !== null) return token
  throw broken({ base: request.url }, 'answers without a token')
}

function tokenRequest(challenge: Challenge & { kind: 'bearer' }, demand: Demand): TokenRequest {
  const { credentials, base } = demand
  const url = targetOf(challenge.realm, base)
  const scopes = demand.scopes.length > 0 ? demand.scopes : challenge.scope === null ? [] : [challenge.scope]
  const service: [string, string][] = challenge.service === null ? [] : [['service', challenge.service]]
  if (credentials?.kind === 'identity') {
    const form = new URLSearchParams([
      ['grant_type', 'refresh_token'],
      ['client_id', 'alt-las-delivery'],
      ...service,
      ['scope', scopes.join(' ')],
      ['refresh_token', credentials.token],
    ])
    const bytes = Buffer.from(form.toString())
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    return { method: 'POST', url, headers, body: { size: bytes.length, open: () => Readable.from([bytes]) } }
  }
  for (const [name, value] of service) url.searchParams.set(name, value)
  for (const scope of scopes) url.searchParams.append('scope', scope)
  return { method: 'GET', url, headers: credentials === null ? {} : { authorization: basic(credentials) } }
}

function basic({ username, password }: Credentials & { kind: 'basic' }): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`
}

function tokenIn(text: string): string | null {
  try {
    const { token, access_token: access } = JSON.parse(text) as { token?: unknown; access_token?: unknown }
    const found = token ?? access
    return typeof found === 'string' && found !== '' ? found : null
  } catch {
    return null
  }
}
