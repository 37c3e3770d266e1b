import type { Workload } from '@alt-las/kubernetes'
import { repositoryIn } from '@alt-las/registry'
import { no, yes, type CheckFinding } from '../check.ts'
import type { Released } from './released.ts'

export interface Matched {
  /** Images that must run here. */
  readonly here: readonly Released[]
  /** Of services that no workload here belongs to. */
  readonly elsewhere: readonly Released[]
}

/**
 * Separates the services of a release that are deployed here from the others. An image that was given by hand must run here. One of a
 * document belongs to the workload with its service's name, else to every workload that uses its repository.
 */
export function matchServices(images: readonly Released[], workloads: readonly Workload[]): Matched {
  const here: Released[] = []
  const elsewhere: Released[] = []
  for (const image of images) {
    const named = workloads.some(({ metadata }) => metadata.name === image.service)
    if (named) here.push({ ...image, workload: image.service })
    else if (image.service === null || workloads.some((one) => uses(image, one))) here.push(image)
    else elsewhere.push(image)
  }
  return { here, elsewhere }
}

/** Refused where not one service of the documents is deployed here: then they are those of another system. */
export function judgeServices({ here, elsewhere }: Matched): CheckFinding {
  const found = here.filter(({ service }) => service !== null).length
  const missing = elsewhere.map(({ service }) => service).join(', ')
  if (found === 0) return no(`no workload here belongs to a released service: ${missing}`)
  const all = `${found} of the ${found + elsewhere.length} released services are deployed here`
  return yes(elsewhere.length === 0 ? all : `${all}; not here, and not judged: ${missing}`)
}

function uses({ repository }: Released, { spec }: Workload): boolean {
  const { containers, initContainers = [] } = spec.template.spec
  return [...initContainers, ...containers].some(({ image }) => repositoryIn(image) === repository)
}
