import { Failure } from '@alt-las/failure'
import { fetchAll, type Http } from '@alt-las/http'

/** What GitHub gives a job with `id-token: write`: `ACTIONS_ID_TOKEN_REQUEST_URL` and `_TOKEN`. */
export interface TokenRequest {
  readonly url: string | undefined
  readonly token: string | undefined
}

/** The identity token of the run, for sigstore. `hide` gets it before anything else. Throws Failure `no-identity`. */
export async function identityToken(
  { url, token }: TokenRequest,
  { http, hide }: { readonly http: Http; readonly hide: (secrets: readonly string[]) => void },
): Promise<string> {
  if (!url || !token) throw noIdentity('the runner offers no identity token')
  const to = new URL(url)
  to.searchParams.set('audience', 'sigstore')
  const headers = { accept: 'application/json', authorization: `Bearer ${token}` }
  const answer = await fetchAll(http, { method: 'GET', url: to, headers }, { deadlineMs: 30_000 })
  if (answer.status !== 200) throw noIdentity(`GitHub answered ${answer.status} for an identity token`)
  const { value } = JSON.parse(new TextDecoder().decode(answer.bytes)) as { readonly value?: unknown }
  if (typeof value !== 'string' || value === '') throw noIdentity('GitHub answered without an identity token')
  hide([value])
  return value
}

function noIdentity(what: string): Failure<'no-identity'> {
  return new Failure('no-identity', `cannot sign: ${what}`, {
    fault: 'input',
    hint: 'give the job `permissions: id-token: write`; a run for a pull request of a fork has none',
  })
}
