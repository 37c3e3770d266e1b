import { Failure } from '@alt-las/failure'
import type { AccessReviews } from '@alt-las/kubernetes'
import { noOutside, yes, type CheckFinding } from '../../check.ts'

/** Lists that no stranger may read. `/version` and `/healthz` are public by design. */
const pathsOf = (namespace: string): Readonly<Record<string, string>> => {
  const own = `/api/v1/namespaces/${encodeURIComponent(namespace)}`
  return {
    secrets: `${own}/secrets?limit=1`,
    configmaps: `${own}/configmaps?limit=1`,
    pods: `${own}/pods?limit=1`,
    namespaces: '/api/v1/namespaces?limit=1',
    nodes: '/api/v1/nodes?limit=1',
  }
}

/** The API server refuses who has no credentials. Throws Failure `unavailable` for an answer that is neither a refusal nor a list. */
export async function judgeAnonymous(
  namespace: string,
  { access }: { readonly access: AccessReviews },
): Promise<CheckFinding> {
  const paths = Object.entries(pathsOf(namespace))
  const answers = await Promise.all(
    paths.map(async ([what, path]) => ({ what, status: await access.withoutCredentials(path) })),
  )
  const readable = answers.filter(({ status }) => status === 200).map(({ what }) => what)
  if (readable.length > 0)
    return noOutside(
      `anyone without credentials may list ${readable.join(', ')}`,
      'remove the ClusterRoleBinding of system:anonymous or system:unauthenticated, or set --anonymous-auth=false',
    )
  const odd = answers.find(({ status }) => status !== 401 && status !== 403)
  if (odd !== undefined) {
    const text = `the API server answered ${odd.status} to a request for ${odd.what} without credentials, expected 401 or 403`
    throw new Failure('unavailable', text, { fault: 'outside' })
  }
  return yes(
    `the API server refuses requests without credentials for ${paths.map(([what]) => what).join(', ')}`,
  )
}
