/** Something that a service cannot work without. */
export interface Dependency {
  readonly name: string
  /** `null` when it is there; else one sentence that says what is missing. Never throws. */
  missing(): Promise<string | null>
}

/** A dependency that counts as present until a call fails. */
export interface Remembered extends Dependency {
  doubt(): void
}

/** Makes a dependency of a probe that throws when the thing is not there. */
export function dependency(name: string, probe: () => Promise<unknown>): Dependency {
  return {
    name,
    missing: () =>
      probe().then(
        () => null,
        (cause: unknown) => `${name}: ${cause instanceof Error ? reason(cause) : String(cause)}`,
      ),
  }
}

/**
 * Asks until the dependency has been seen once, then trusts it until `doubt`. Readiness probes come every second or two from
 * every pod: without memory they would be most of the traffic that the dependency's own rollout is judged by.
 */
export function remembered(inner: Dependency): Remembered {
  let seen = false
  return {
    name: inner.name,
    async missing() {
      if (seen) return null
      const answer = await inner.missing()
      seen = answer === null
      return answer
    },
    doubt() {
      seen = false
    },
  }
}

/** A dependency over HTTP: present when `url` answers 2xx within `timeoutMs`. */
export function answers(name: string, url: string, timeoutMs: number): Dependency {
  return dependency(name, async () => {
    const response = await fetch(url, { signal: AbortSignal.timeout(timeoutMs), redirect: 'manual' })
    await response.body?.cancel()
    if (!response.ok) throw new Error(`${url} answered ${response.status}, expected 2xx`)
  })
}

// fetch says only "fetch failed"; what the socket met is in its cause.
function reason(error: Error): string {
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message
}
