import { asRecord } from '@alt-las/outcome'

/** Far more servers than a document has; each is a way in which a path may be meant. */
const mostBases = 20
/** Stands for any value while the address is parsed; braces are no part of a host. */
const any = 'any-value-0'

/**
 * The paths below which an operation is served, as templates: `/v1`, `/{}/api`. A variable has its default and the values of its `enum`;
 * without an `enum` it may have any value. `location`: where the document is, for relative addresses.
 */
export function basePaths(servers: unknown, location: URL): readonly string[] {
  const listed = Array.isArray(servers) ? (servers as unknown[]) : []
  const bases = listed.flatMap((server) => {
    const { url, variables } = asRecord(server)
    return typeof url === 'string' ? filled(url, asRecord(variables)) : []
  })
  const paths = bases.slice(0, mostBases).map((url) => pathOf(url, location))
  return paths.length === 0 ? [''] : [...new Set(paths)]
}

function filled(url: string, variables: Readonly<Record<string, unknown>>): readonly string[] {
  const names = [...url.matchAll(/\{([^{}]*)\}/g)].map(([, name = '']) => name)
  return [...new Set(names)].reduce<readonly string[]>(
    (urls, name) =>
      urls
        .flatMap((one) => valuesOf(variables[name]).map((value) => one.replaceAll(`{${name}}`, value)))
        .slice(0, mostBases),
    [url],
  )
}

function valuesOf(variable: unknown): readonly string[] {
  const { default: usual, enum: allowed } = asRecord(variable)
  const values = Array.isArray(allowed) ? [usual, ...(allowed as unknown[])] : [usual, any]
  return [...new Set(values.filter((value) => typeof value === 'string'))]
}

function pathOf(url: string, location: URL): string {
  const path = URL.parse(url, location.href)?.pathname ?? ''
  return path.replaceAll(any, '{}').replace(/\/$/, '')
}
