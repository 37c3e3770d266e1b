interface Container {
  readonly env: readonly object[]
}

interface Workload {
  readonly kind: string
  readonly spec: { readonly template: { readonly spec: { readonly containers: readonly Container[] } } }
}

/** A Deployment with other containers; every other object as it is. */
export function withContainers(
  object: object,
  change: (containers: readonly Container[]) => readonly object[],
): object {
  const workload = object as Workload
  if (workload.kind !== 'Deployment') return object
  const { template } = workload.spec
  const pod = { ...template.spec, containers: change(template.spec.containers) }
  return { ...workload, spec: { ...workload.spec, template: { ...template, spec: pod } } }
}
