// What the API server's proxy changes on its way to the pods: a test that needs it would fail for a reason that is not theirs.
import type { ApiRequest } from '@alt-las/api-tests'
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

const isOwnOfProxy = (name: string): boolean =>
  /^(host|connection|keep-alive|te|trailer|transfer-encoding|upgrade|content-length|expect|proxy-.*|x-forwarded-.*)$/i.test(
    name,
  )

function isCleaned(path: string): boolean {
  const [bare = ''] = path.split(/[?#]/)
  return /\/\/|%2f|%5c|\\|\/\.\.?(\/|$)|%2e/i.test(bare)
}
