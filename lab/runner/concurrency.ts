import { parse } from 'yaml'

/** The concurrency group of a workflow. One without a group has the product's: the lab has two cores. */
export function groupOf(workflow: string): string {
  const { concurrency } = (parse(workflow) ?? {}) as {
    readonly concurrency?: string | { readonly group?: string }
  }
  const group = typeof concurrency === 'string' ? concurrency : concurrency?.group
  return group === undefined ? 'production' : group.replace(/[^\w.-]+/g, '_')
}
