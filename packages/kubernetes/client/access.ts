import type { AccessReviews } from '../types/access.ts'
import type { Permission } from '../types/cluster.ts'
import { accepted, type Api } from './api.ts'
import type { Connection } from './connection.ts'

/** `anonymous`: a connection to the same API server that sends no credentials. */
export function accessReviewsOver(api: Api, anonymous: Pick<Connection, 'ask'>): AccessReviews {
  return {
    heldBy: async (account, permissions) => {
      const answers = await Promise.all(permissions.map((one) => isHeld(api, account, one)))
      return permissions.filter((_, index) => answers[index] === true)
    },
    withoutCredentials: async (path) => (await anonymous.ask({ method: 'GET', path })).status,
  }
}

// The local kind of review can be granted in one namespace; the other one only for the whole cluster.
async function isHeld(
  api: Api,
  { namespace, name: account }: { readonly namespace: string; readonly name: string },
  { verb, group, name, resource: both }: Omit<Permission, 'namespace'>,
): Promise<boolean> {
  const [resource, subresource] = both.split('/')
  const body = {
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'LocalSubjectAccessReview',
    metadata: { namespace },
    spec: {
      user: `system:serviceaccount:${namespace}:${account}`,
      groups: ['system:serviceaccounts', `system:serviceaccounts:${namespace}`, 'system:authenticated'],
      resourceAttributes: { verb, group, namespace, name, resource, subresource },
    },
  }
  const what = `ask whether the ServiceAccount ${account} may ${verb} ${both}`
  const path = `/apis/authorization.k8s.io/v1/namespaces/${encodeURIComponent(namespace)}/localsubjectaccessreviews`
  const answer = await api.ask({ method: 'POST', path, body }, { what, repeatable: true })
  return (accepted(answer, what) as { readonly status: { readonly allowed: boolean } }).status.allowed
}
