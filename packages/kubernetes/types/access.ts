import type { Permission } from './cluster.ts'

/** What others than the caller may do: accounts of the cluster, and who has no account at all. */
export interface AccessReviews {
  /**
   * The rights of this list that a ServiceAccount holds in its namespace. Failure `forbidden` where the caller may not create
   * LocalSubjectAccessReviews there.
   */
  heldBy(
    account: { readonly namespace: string; readonly name: string },
    permissions: readonly Omit<Permission, 'namespace'>[],
  ): Promise<readonly Omit<Permission, 'namespace'>[]>
  /** The status of a GET without credentials. `path` begins with `/`. */
  withoutCredentials(path: string): Promise<number>
}
