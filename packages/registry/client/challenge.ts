/** The demand of a registry in `WWW-Authenticate`. */
export type Challenge =
  | { readonly kind: 'basic' }
  | {
      readonly kind: 'bearer'
      readonly realm: string
      readonly service: string | null
      readonly scope: string | null
    }

const item = /([\w-]+)(?:\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+)))?\s*,?\s*/gy

/** Reads the challenges of a header, of which one may hold several; bearer comes before basic; unknown schemes are left out. */
export function parseChallenges(header: string): readonly Challenge[] {
  const schemes: { name: string; parameters: Map<string, string> }[] = []
  for (const [, name = '', quoted, bare] of header.trim().matchAll(item)) {
    const value = quoted?.replace(/\\(.)/g, '$1') ?? bare
    // A word without `=` begins the next scheme.
    if (value === undefined) schemes.push({ name: name.toLowerCase(), parameters: new Map() })
    else schemes.at(-1)?.parameters.set(name.toLowerCase(), value)
  }
  const bearers = schemes.flatMap(({ name, parameters }): Challenge[] => {
    const realm = parameters.get('realm')
    if (name !== 'bearer' || realm === undefined) return []
    const scope = parameters.get('scope') ?? null
    return [{ kind: 'bearer', realm, service: parameters.get('service') ?? null, scope }]
  })
  return [...bearers, ...(schemes.some(({ name }) => name === 'basic') ? [{ kind: 'basic' } as const] : [])]
}
