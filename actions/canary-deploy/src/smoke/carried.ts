// What the API server's proxy changes on its way to the pods: a test that needs it would fail for a reason that is not theirs.
import type { ApiRequest, ApiTest } from '@alt-las/api-tests'
import { isApiServerHeader } from '@alt-las/kubernetes'

/** Every reason why this request does not reach the pods as it is written; none = it does. */
export function uncarried({ method, path, headers }: ApiRequest): readonly string[] {
  const names = Object.keys(headers)
  return [
    ...(method === 'OPTIONS' ? ['the method OPTIONS is answered by the API server'] : []),
    ...names
      .filter(isApiServerHeader)
      .map((name) => `the header ${name} is read by the API server, which removes it`),
    ...names.filter(isOwnOfProxy).map((name) => `the header ${name} is set by the API server's proxy`),
    ...(isCleaned(path)
      ? [
          `the path ${path} is cleaned by the API server's proxy, which resolves dots, double and encoded slashes`,
        ]
      : []),
  ]
}

/** Every expectation that the proxy itself would meet or break; none = the answer is judged as the pods gave it. */
export function unjudged({ expect }: Pick<ApiTest, 'expect'>): readonly string[] {
  return Object.keys(expect.headers)
    .filter((name) =>
      /^(cache-control|audit-id|connection|keep-alive|transfer-encoding|content-length|date)$/i.test(name),
    )
    .map((name) => `the header ${name.toLowerCase()} of the answer is written by the API server`)
}

const isOwnOfProxy = (name: string): boolean =>
  /^(host|connection|keep-alive|te|trailer|transfer-encoding|upgrade|content-length|expect|proxy-.*|x-forwarded-.*)$/i.test(
    name,
  )

function isCleaned(path: string): boolean {
  const [bare = ''] = path.split(/[?#]/)
  return /\/\/|%2f|%5c|\\|\/\.\.?(\/|$)|%2e/i.test(bare)
}
