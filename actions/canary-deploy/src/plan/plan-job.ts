import { Failure } from '@alt-las/failure'
import type { Container, Job, KubeObject, Pod } from '@alt-las/kubernetes'
import { type Plan, inNamespace, withConfigs } from '@alt-las/rollout'
import { repositoryIn } from '@alt-las/registry'

/**
 * The Job of `before` with the released image in the container that runs it, and with the plan's configuration. null where `objects` is
 * empty. Throws Failure `bad-before` (fault input) where it is not exactly one Job, or it is unclear where the image belongs.
 */
export function jobFor(
  objects: readonly KubeObject[],
  { namespace, image, configs, desired }: Pick<Plan, 'namespace' | 'image' | 'configs' | 'desired'>,
): Job | null {
  const [only, ...more] = objects
  if (only === undefined) return null
  if (only.kind !== 'Job' || more.length > 0)
    throw bad(`before contains ${objects.map((one) => one.kind).join(', ')}`, 'give exactly one Job')
  const job = inNamespace(only, namespace) as Job
  if (job.metadata.namespace !== namespace)
    throw bad(
      `the Job ${job.metadata.name} is of namespace ${job.metadata.namespace ?? ''}`,
      `it runs in ${namespace}`,
    )
  refuseTraffic(job, desired.spec.selector.matchLabels ?? {})
  const { template } = job.spec
  const { containers, initContainers } = template.spec
  const isOurs = ownContainer(job, image)
  const withImage = (one: Container) => (isOurs(one) ? { ...one, image } : one)
  const spec = {
    ...template.spec,
    containers: containers.map(withImage),
    ...(initContainers === undefined ? {} : { initContainers: initContainers.map(withImage) }),
  }
  return withConfigs({ ...job, spec: { ...job.spec, template: { ...template, spec } } }, configs)
}

/** Containers of the released repository, whatever their tag; else the only one. */
function ownContainer(job: Job, image: string): (one: Container) => boolean {
  const { containers, initContainers = [] } = job.spec.template.spec
  const repository = repositoryIn(image) ?? image
  const isOwn = (one: Container) => repositoryIn(one.image) === repository
  if ([...containers, ...initContainers].some(isOwn)) return isOwn
  const [only, ...more] = containers
  if (only !== undefined && more.length === 0) return (one) => one === only
  throw bad(
    `no container of the Job ${job.metadata.name} has an image of ${repository}`,
    `give one of ${containers.map(({ name }) => name).join(', ')} the image ${repository}`,
  )
}

/** Pods of the Job must not match the workload's Service: they would get requests. */
function refuseTraffic({ metadata, spec }: Job, selector: Readonly<Record<string, string>>): void {
  const labels = (spec.template.metadata as Partial<Pod['metadata']> | undefined)?.labels ?? {}
  const pairs = Object.entries(selector)
  if (pairs.length === 0 || !pairs.every(([key, value]) => labels[key] === value)) return
  throw bad(
    `the pods of the Job ${metadata.name} carry the labels of the workload (${pairs.map((pair) => pair.join('=')).join(', ')})`,
    'give them other labels: otherwise requests reach them',
  )
}

const bad = (message: string, hint: string) => new Failure('bad-before', message, { fault: 'input', hint })
