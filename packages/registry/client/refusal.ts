import { Failure } from '@alt-las/failure'
import { isTransientStatus } from '@alt-las/time'

/**
 * `registry-unreachable`: no answer. `registry-busy`: an answer that may change later (408, 425, 429, 5xx). `registry-unauthorized`: 401.
 * `registry-denied`: 403. `registry-absent`: 404. `registry-refused`: any other 4xx. `registry-broken`: against the specification.
 */
export type RegistryCode =
  | 'registry-unreachable'
  | 'registry-busy'
  | 'registry-unauthorized'
  | 'registry-denied'
  | 'registry-absent'
  | 'registry-refused'
  | 'registry-broken'

export interface Refusal {
  readonly method: string
  readonly url: URL
  readonly status: number
  readonly text: string
  /** Whether credentials were sent. */
  readonly known: boolean
  /** The registry that sent the request to another host by a redirect or an upload's address. */
  readonly sentBy?: string
  /** From Retry-After. */
  readonly retryAfterMs: number | null
}

const hints: Readonly<Record<string, string>> = {
  'http-tls':
    'for a certificate of a private authority, set NODE_EXTRA_CA_CERTS of the step to the file of that authority',
  'http-dns': 'check the host name in `image`, or set HTTPS_PROXY if the network needs a proxy',
}

/** The registry answered against the specification. */
export function broken(
  { base }: { readonly base: Pick<URL, 'host'> },
  what: string,
): Failure<'registry-broken'> {
  return new Failure('registry-broken', `${base.host} ${what}`, { fault: 'outside' })
}

/**
 * No answer at all, or a redirect that is not allowed. An interruption is not a Failure of the sender and stays unchanged, and so does what
 * the body itself failed with: that is an input's fault, never the registry's.
 */
export function unreachable(url: URL, error: unknown): unknown {
  if (!(error instanceof Failure) || error.fault === 'input') return error
  const { code, cause, transient } = error
  const hint = hints[code] ?? error.hint
  const isBroken = code === 'http-redirect' || code === 'http-too-large'
  return new Failure<RegistryCode>(isBroken ? 'registry-broken' : 'registry-unreachable', error.message, {
    fault: 'outside',
    cause,
    ...(hint === undefined ? {} : { hint }),
    ...(transient === undefined ? {} : { transient }),
  })
}

/** An unexpected answer, as a Failure whose hint is the remedy. */
export function refusal(refused: Refusal): Failure<RegistryCode> {
  const { method, url, status, retryAfterMs } = refused
  const said = reasons(refused.text)
  // Without the query: it may hold a signature.
  const message = `${method} ${url.origin}${url.pathname} answered ${status}${said === '' ? '' : ` (${said})`}`
  const hint = hintFor(refused, said)
  return new Failure(codeOf(status), message, {
    fault: 'outside',
    transient: isTransientStatus(status),
    ...(hint === null ? {} : { hint }),
    ...(retryAfterMs === null ? {} : { retryAfterMs }),
  })
}

/** The registry's own message: `DENIED: permission_denied: write_package`. */
function reasons(text: string): string {
  try {
    const { errors } = JSON.parse(text) as { errors?: readonly { code?: string; message?: string }[] }
    return (errors ?? [])
      .map(({ code, message }) =>
        [code, message].filter((part) => part !== undefined && part !== '').join(': '),
      )
      .join(', ')
      .slice(0, 400)
  } catch {
    // An HTML page is useless in a log.
    return text.trimStart().startsWith('<') ? '' : (text.trim().split('\n')[0]?.slice(0, 200) ?? '')
  }
}

function codeOf(status: number): RegistryCode {
  if (status === 401) return 'registry-unauthorized'
  if (status === 403) return 'registry-denied'
  if (status === 404) return 'registry-absent'
  if (isTransientStatus(status)) return 'registry-busy'
  return status >= 400 ? 'registry-refused' : 'registry-broken'
}

function hintFor({ status, url, known, sentBy }: Refusal, said: string): string | null {
  if (status !== 401 && status !== 403)
    return status === 413 ? 'the registry or a proxy before it limits the size of a layer' : null
  if (sentBy !== undefined)
    return `${sentBy} sent this request to ${url.host}, which gets no credentials: ask whoever runs ${sentBy} why`
  if (!known)
    return 'no credentials were sent: give `username` and `password`, or log in before (docker/login-action)'
  if (url.hostname !== 'ghcr.io') return 'the credentials may not write to this repository, or have expired'
  if (/installation not allowed to create/i.test(said))
    return 'the organisation does not allow this repository to create the package: create it once by hand, or allow it in the settings under Packages'
  return (
    "give the job `permissions: packages: write`; if it has it, the package belongs to another repository: open the package's settings, " +
    'Manage Actions access, and add this repository with the role Write'
  )
}
