import type { Deployment } from '@alt-las/kubernetes'

/** The workload in a form to apply again: without status and without fields of controllers and other tools. */
export function bare(workload: Deployment | null): Deployment | null {
  if (workload === null) return null
  const { apiVersion, kind, metadata, spec } = workload
  const { name, namespace, labels, annotations } = metadata
  const kept = Object.entries(annotations ?? {}).filter(([key]) => !notOurs.test(key))
  return {
    apiVersion,
    kind,
    metadata: {
      name,
      ...(namespace === undefined ? {} : { namespace }),
      ...(labels === undefined ? {} : { labels }),
      ...(kept.length === 0 ? {} : { annotations: Object.fromEntries(kept) }),
    },
    spec,
  }
}

const notOurs =
  /^(alt-las\.dev\/epoch$|deployment\.kubernetes\.io|deprecated\.daemonset\.template\.generation|kubectl\.kubernetes\.io\/last)/
