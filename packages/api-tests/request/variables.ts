import type { ApiRequest } from './api-test.ts'
import { encodeForm } from './form-body.ts'

export type Variables = ReadonlyMap<string, string>

const variable = /\$\{([A-Za-z_]\w*)\}/g

/**
 * The request with each `${name}` filled in: percent-encoded in the path, as JSON text inside a JSON body, as a form encodes it, unchanged elsewhere.
 * `missing`: the names without a value.
 */
export function fill(
  request: ApiRequest,
  variables: Variables,
):
  | { readonly kind: 'request'; readonly request: ApiRequest }
  | { readonly kind: 'missing'; readonly names: readonly string[] } {
  const missing = new Set<string>()
  const replace = (text: string, encode: (value: string) => string) =>
    text.replaceAll(variable, (_, name: string) => {
      const value = variables.get(name)
      if (value === undefined) missing.add(name)
      return encode(value ?? '')
    })
  const isJson = (request.headers['content-type'] ?? '').includes('json')
  const inJson = (value: string) => JSON.stringify(value).slice(1, -1)
  const same = (value: string) => value
  const { form, ...rest } = request
  const encoded = form === undefined ? null : encodeForm(form, (text) => replace(text, same))
  const filled: ApiRequest = {
    ...rest,
    path: replace(request.path, encodeURIComponent),
    headers: {
      ...(encoded === null ? {} : { 'content-type': encoded.contentType }),
      ...Object.fromEntries(
        Object.entries(request.headers).map(([name, value]) => [name, replace(value, same)]),
      ),
    },
    body: encoded?.body ?? (request.body === null ? null : replace(request.body, isJson ? inJson : same)),
  }
  return missing.size > 0 ? { kind: 'missing', names: [...missing] } : { kind: 'request', request: filled }
}
