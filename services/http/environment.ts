/** Reads settings by name; faults are collected and reported together by `settings`. */
export interface Environment {
  text(name: string, fallback?: string): string
  /** An absolute http(s) URL without its trailing slash. */
  url(name: string): string
  optionalUrl(name: string): string | null
  whole(
    name: string,
    limits: { readonly min: number; readonly max: number; readonly fallback: number },
  ): number
}

/** Parses a process's environment. Throws one error that lists every bad or missing variable. */
export function settings<T>(
  values: Readonly<Record<string, string | undefined>>,
  read: (environment: Environment) => T,
): T {
  const faults: string[] = []
  const fault = (name: string, expected: string): void => {
    const given = values[name]
    faults.push(
      `${name}: got ${given === undefined || given === '' ? 'nothing' : JSON.stringify(given)}, expected ${expected}`,
    )
  }
  const given = (name: string): string | null => (values[name] === '' ? null : (values[name] ?? null))
  const optionalUrl = (name: string): string | null => {
    const value = given(name)
    if (value === null) return null
    if (/^https?:$/.test(URL.parse(value)?.protocol ?? '')) return value.replace(/\/+$/, '')
    fault(name, 'an absolute http or https URL')
    return null
  }
  const result = read({
    text(name, fallback) {
      const value = given(name) ?? fallback
      if (value === undefined) fault(name, 'a value')
      return value ?? ''
    },
    url(name) {
      if (given(name) === null) fault(name, 'an absolute http or https URL')
      return optionalUrl(name) ?? ''
    },
    optionalUrl,
    whole(name, { min, max, fallback }) {
      const value = given(name) ?? String(fallback)
      const right = /^\d+$/.test(value) && Number(value) >= min && Number(value) <= max
      if (!right) fault(name, `a whole number from ${min} to ${max}`)
      return right ? Number(value) : fallback
    },
  })
  if (faults.length > 0) throw new Error(`environment: ${faults.join('; ')}`)
  return result
}
